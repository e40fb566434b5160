/* SPDX-License-Identifier: MIT
 *
 * The article's five networks, and how this project trains them. */
#ifndef CD_GRAPH_PRESET_H
#define CD_GRAPH_PRESET_H

#include "graph/graph.h"

/* NULL if no preset has the name ("" included). */
const cnn_preset_info_t *cd_preset_find(const char *name);

size_t cd_preset_count(void);

/* NULL if index is out of range. */
const cnn_preset_info_t *cd_preset_at(size_t index);

/* As cnn_graph_create_preset; outputs > 0. Errors: ARGUMENT, SHAPE, MEMORY. */
cnn_status_t cd_preset_graph(cnn_context_t *context, const char *name, uint32_t height,
                             uint32_t width, uint32_t outputs, cnn_graph_t **graph);

#endif

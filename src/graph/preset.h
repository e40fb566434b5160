/* SPDX-License-Identifier: MIT
 *
 * The presets: the article's five networks with the settings that this project trains them with. */
#ifndef CD_GRAPH_PRESET_H
#define CD_GRAPH_PRESET_H

#include "graph/graph.h"

/* The preset of that name; NULL if there is none, also for "". */
const cnn_preset_info_t *cd_preset_find(const char *name);

size_t cd_preset_count(void);

/* Preset number index; NULL if there are fewer. */
const cnn_preset_info_t *cd_preset_at(size_t index);

/* Makes a preset's graph as cnn_graph_create_preset does. outputs > 0. Errors: ARGUMENT, SHAPE,
 * MEMORY. */
cnn_status_t cd_preset_graph(cnn_context_t *context, const char *name, uint32_t height,
                             uint32_t width, uint32_t outputs, cnn_graph_t **graph);

#endif

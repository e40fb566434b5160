/* SPDX-License-Identifier: MIT
 *
 * The presets: the five networks of the article that README.md links to, and the settings with
 * which this project trains them. */
#ifndef CD_GRAPH_PRESET_H
#define CD_GRAPH_PRESET_H

#include "graph/graph.h"

/* Returns the preset with a name, or NULL if there is none. */
const cnn_preset_info_t *cd_preset_find(const char *name);

size_t cd_preset_count(void);

/* Returns the preset with an index, or NULL if index is not less than cd_preset_count(). */
const cnn_preset_info_t *cd_preset_at(size_t index);

/* Creates the graph of a preset for an RGB input of height x width pixels, as
 * cnn_graph_create_preset does. outputs: units of the output layer, at least 1. Errors: ARGUMENT,
 * SHAPE, MEMORY. */
cnn_status_t cd_preset_graph(cnn_context_t *context, const char *name, uint32_t height,
                             uint32_t width, uint32_t outputs, cnn_graph_t **graph);

#endif

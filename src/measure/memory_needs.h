/* SPDX-License-Identifier: MIT
 *
 * What a network's training or prediction will hold in memory, worked out without holding it. */
#ifndef CD_MEASURE_MEMORY_NEEDS_H
#define CD_MEASURE_MEMORY_NEEDS_H

#include "graph/graph.h"

struct cnn_memory {
    cnn_context_t *context;
    cnn_graph_t *graph; /* a copy, for its names */
    cnn_memory_info_t info;
    cnn_layer_memory_t *layers; /* one a node */
};

/* options: complete. Errors: ARGUMENT (freeze), MEMORY. */
cnn_status_t cd_needs_create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                             cnn_memory_t **memory);
void cd_needs_free(cnn_memory_t *memory);

#endif

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

/* batch: above 0. training: complete; NULL for a session. Errors: ARGUMENT (freeze), MEMORY. */
cnn_status_t cd_needs_create(const cnn_graph_t *graph, uint32_t batch,
                             const cnn_train_options_t *training, cnn_memory_t **memory);
void cd_needs_free(cnn_memory_t *memory);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The memory that training or prediction with a network needs, computed without allocating it. */
#ifndef CD_MEASURE_MEMORY_NEEDS_H
#define CD_MEASURE_MEMORY_NEEDS_H

#include "graph/graph.h"

struct cnn_memory {
    cnn_context_t *context;
    cnn_graph_t *graph; /* a copy, which owns the names of the layers */
    cnn_memory_info_t info;
    cnn_layer_memory_t *layers; /* one for each node */
};

/* Computes the memory that a training needs, or a session if training is NULL. training: with all
 * defaults filled in. batch: above 0. Free *memory with cd_needs_free. Errors: ARGUMENT (freeze),
 * MEMORY. */
cnn_status_t cd_needs_create(const cnn_graph_t *graph, uint32_t batch,
                             const cnn_train_options_t *training, cnn_memory_t **memory);
void cd_needs_free(cnn_memory_t *memory);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Another head for a network. */
#ifndef CD_GRAPH_HEAD_H
#define CD_GRAPH_HEAD_H

#include "graph/graph.h"

/* The graph up to its head (cd_graph_head), and a dense layer of the head's name with so many
 * outputs (1: sigmoid, more: softmax) and the initializer, or else the head's. Parameters before
 * the head are the same at the same places. Errors: SHAPE if behind the head there is more than an
 * activation, or there is no head; MEMORY. */
cnn_status_t cd_graph_with_head(const cnn_graph_t *graph, uint32_t outputs,
                                cnn_initializer_t initializer, cnn_graph_t **out);

#endif

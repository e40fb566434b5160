/* SPDX-License-Identifier: MIT
 *
 * Replacing the head of a network: the last dense layer, whose outputs are the class scores. */
#ifndef CD_GRAPH_HEAD_H
#define CD_GRAPH_HEAD_H

#include "graph/graph.h"

/* Makes a copy of a graph with another head: a dense layer of the same name with that many outputs
 * and sigmoid (one output) or softmax. CNN_INITIALIZER_DEFAULT keeps the old head's initializer.
 * The parameters before the head keep their places. Errors: SHAPE if there is no head or a layer
 * other than an activation behind it; MEMORY. */
cnn_status_t cd_graph_with_head(const cnn_graph_t *graph, uint32_t outputs,
                                cnn_initializer_t initializer, cnn_graph_t **out);

#endif

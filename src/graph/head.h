/* SPDX-License-Identifier: MIT
 *
 * Replaces the head of a network: the last dense layer, whose outputs are the class scores. */
#ifndef CD_GRAPH_HEAD_H
#define CD_GRAPH_HEAD_H

#include "graph/graph.h"

/* Copies a graph and replaces the head of the copy by a new dense layer of the same name. The new
 * head has `outputs` outputs and a sigmoid (one output) or softmax activation.
 * CNN_INITIALIZER_DEFAULT keeps the old head's initializer. The parameters before the head keep
 * their offsets. The caller frees *out. Errors: SHAPE if the graph has no head or if a layer other
 * than an activation follows the head; MEMORY. */
cnn_status_t cd_graph_with_head(const cnn_graph_t *graph, uint32_t outputs,
                                cnn_initializer_t initializer, cnn_graph_t **out);

#endif

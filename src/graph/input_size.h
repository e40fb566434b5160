/* SPDX-License-Identifier: MIT
 *
 * The same network for pictures of another size. */
#ifndef CD_GRAPH_INPUT_SIZE_H
#define CD_GRAPH_INPUT_SIZE_H

#include "graph/graph.h"

/* The graph's layers one by one, from an input of height x width on. Padding stays what it is in
 * numbers, global average pooling takes the whole map. Parameters are the same at the same places;
 * it is no preset's. Errors: SHAPE, naming the layer, if one of them does not fit there or its
 * kernel would have another shape; MEMORY. */
cnn_status_t cd_graph_with_input(const cnn_graph_t *graph, uint32_t height, uint32_t width,
                                 cnn_graph_t **out);

#endif

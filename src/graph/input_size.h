/* SPDX-License-Identifier: MIT
 *
 * Adapting a network to another input size. */
#ifndef CD_GRAPH_INPUT_SIZE_H
#define CD_GRAPH_INPUT_SIZE_H

#include "graph/graph.h"

/* Makes a copy of a graph for an input of height x width. Padding keeps its numbers, and global
 * average pooling covers the whole feature map. The parameters keep their shapes and places. The
 * copy is no preset. Errors: SHAPE, naming the layer, if a window is larger than its input or a
 * kernel would need another shape; MEMORY. */
cnn_status_t cd_graph_with_input(const cnn_graph_t *graph, uint32_t height, uint32_t width,
                                 cnn_graph_t **out);

#endif

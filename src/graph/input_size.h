/* SPDX-License-Identifier: MIT
 *
 * Adapts a network to another input size. */
#ifndef CD_GRAPH_INPUT_SIZE_H
#define CD_GRAPH_INPUT_SIZE_H

#include "graph/graph.h"

/* Copies a graph and changes the input of the copy to height x width pixels. Every layer keeps its
 * rows and columns of padding. Global average pooling covers the whole new feature map. Parameters
 * keep their shapes and offsets. The copy has no preset name, and the caller frees it. Errors:
 * SHAPE, naming the layer, if a window is larger than its input or a kernel would need another
 * shape; MEMORY. */
cnn_status_t cd_graph_with_input(const cnn_graph_t *graph, uint32_t height, uint32_t width,
                                 cnn_graph_t **out);

#endif

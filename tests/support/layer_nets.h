/* SPDX-License-Identifier: MIT
 *
 * Small networks that together contain every kind of layer and every kind of fused layers. */
#ifndef TESTS_SUPPORT_LAYER_NETS_H
#define TESTS_SUPPORT_LAYER_NETS_H

#include "graph/graph.h"

/* Numbers of two of the networks, and the number of networks. */
enum { LAYER_NET_ARTICLE = 0, LAYER_NET_RESNET = 2, LAYER_NETS = 11 };

/* Adds the layers of network `index` (0 to LAYER_NETS - 1) to an empty graph. */
void layer_net_build(cnn_graph_t *graph, int index);

#endif

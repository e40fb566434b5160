/* SPDX-License-Identifier: MIT
 *
 * Small networks that together have every kind of layer and every way of fusing them. */
#ifndef TESTS_SUPPORT_LAYER_NETS_H
#define TESTS_SUPPORT_LAYER_NETS_H

#include "graph/graph.h"

/* Two of the networks, by their number. */
enum { LAYER_NET_ARTICLE = 0, LAYER_NET_RESNET = 2, LAYER_NETS = 11 };

/* Adds the layers of network number index to an empty graph. */
void layer_net_build(cnn_graph_t *graph, int index);

#endif

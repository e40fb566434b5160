/* SPDX-License-Identifier: MIT
 *
 * A small network with a layer of every kind. Every option has a value that is not its default in
 * some layer. */
#ifndef TESTS_SUPPORT_EVERY_LAYER_H
#define TESTS_SUPPORT_EVERY_LAYER_H

#include <catdog/catdog.h>

enum { EVERY_LAYER_HEIGHT = 12, EVERY_LAYER_WIDTH = 11, EVERY_LAYER_CLASSES = 3 };

/* Makes the graph, from 12 x 11 x 3 to 3 softmax outputs. Any failure fails the test. */
cnn_graph_t *every_layer_graph(cnn_context_t *context);

#endif

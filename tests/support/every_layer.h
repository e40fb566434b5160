/* SPDX-License-Identifier: MIT
 *
 * A small network with a layer of every kind. Each option differs from its default in at least one
 * layer. */
#ifndef TESTS_SUPPORT_EVERY_LAYER_H
#define TESTS_SUPPORT_EVERY_LAYER_H

#include <catdog/catdog.h>

enum { EVERY_LAYER_HEIGHT = 12, EVERY_LAYER_WIDTH = 11, EVERY_LAYER_CLASSES = 3 };

/* Creates the graph. Its input is EVERY_LAYER_HEIGHT x EVERY_LAYER_WIDTH x 3; its output is softmax
 * of EVERY_LAYER_CLASSES classes. Any failure fails the test. */
cnn_graph_t *every_layer_graph(cnn_context_t *context);

/* Returns a model of that graph with the classes "ant", "bee" and "cat", whose statistics differ
 * from their initial values. preprocess: NULL = the default. */
cnn_model_t *every_layer_model(cnn_context_t *context, const cnn_preprocess_t *preprocess);

#endif

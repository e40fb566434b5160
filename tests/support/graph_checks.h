/* SPDX-License-Identifier: MIT
 *
 * Adds and checks layers of a graph. Any failure fails the test. */
#ifndef TESTS_SUPPORT_GRAPH_CHECKS_H
#define TESTS_SUPPORT_GRAPH_CHECKS_H

#include <catdog/catdog.h>

/* Adds the input layer and returns its node. */
cnn_node_t graph_input(cnn_graph_t *graph, uint32_t h, uint32_t w, uint32_t c);

/* Checks the output shape of a layer, and its size in bytes. */
void graph_check_shape(const cnn_graph_t *graph, cnn_node_t node, uint32_t h, uint32_t w,
                       uint32_t c);

#endif

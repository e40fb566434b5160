/* SPDX-License-Identifier: MIT
 *
 * Computes the forward pass of a graph in double precision, by the definitions of the layers. Tests
 * compare the library's float results and gradients with it. It shares no code with the kernels. */
#ifndef TESTS_DOUBLE_NET_H
#define TESTS_DOUBLE_NET_H

#include "graph/graph.h"

/* Computes y (n x output shape) from x (n images). weights: graph->trainable_size doubles;
 * statistics: graph->statistics_size floats, only read. If training is 1, dropout is
 * active and depends on seed and step, and batch normalisation uses the statistics of the batch. */
void double_net_run(const cnn_graph_t *graph, const double *weights, const float *statistics,
                    const float *x, size_t n, int training, uint64_t seed, uint64_t step,
                    double *y);

#endif

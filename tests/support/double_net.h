/* SPDX-License-Identifier: MIT
 *
 * The forward pass of a graph in double precision, by the plain definitions. Tests compare the
 * library's float results and gradients with it. It is slow and shares no code with the kernels. */
#ifndef TESTS_DOUBLE_NET_H
#define TESTS_DOUBLE_NET_H

#include "graph/graph.h"

/* weights: graph->trainable_size doubles; statistics: graph->statistics_size floats. x: n images.
 * In training mode dropout drops by (seed, step) and batch normalisation uses the batch; statistics
 * are never written. y: n x output. */
void double_net_run(const cnn_graph_t *graph, const double *weights, const float *statistics,
                    const float *x, size_t n, int training, uint64_t seed, uint64_t step,
                    double *y);

#endif

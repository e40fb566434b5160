/* SPDX-License-Identifier: MIT
 *
 * Initial weights: Glorot uniform and He normal, as Keras draws them. */
#ifndef CD_MODEL_INITIALIZER_H
#define CD_MODEL_INITIALIZER_H

#include "graph/graph.h"

/* Fills parameter number index of the graph. values: its count floats. Kernels use their layer's
 * initializer; if that is DEFAULT, otherwise; if that is DEFAULT too, Glorot uniform. Gamma and the
 * moving variance become 1, all other parameters 0. Every number depends only on seed, index and
 * its place. Runs on the context's threads. */
void cd_initialize(const cnn_graph_t *graph, size_t index, cnn_initializer_t otherwise,
                   uint64_t seed, float *values);

#endif

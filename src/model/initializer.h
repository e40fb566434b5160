/* SPDX-License-Identifier: MIT
 *
 * Initial weights, as Keras draws them. */
#ifndef CD_MODEL_INITIALIZER_H
#define CD_MODEL_INITIALIZER_H

#include "graph/graph.h"

/* Fills parameter index of the graph (values: its count floats): kernels by their layer's
 * initializer, else by otherwise (Glorot uniform if that is DEFAULT too); gamma and the moving
 * variance with 1, everything else with 0. Every number depends on seed, index and its place only.
 * Runs on the context's threads. */
void cd_initialize(const cnn_graph_t *graph, size_t index, cnn_initializer_t otherwise,
                   uint64_t seed, float *values);

#endif

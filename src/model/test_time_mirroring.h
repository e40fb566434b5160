/* SPDX-License-Identifier: MIT
 *
 * Test-time mirroring: the network runs on each image and on its mirror image, and the outputs are
 * averaged (Krizhevsky et al. 2012). */
#ifndef CD_MODEL_TEST_TIME_MIRRORING_H
#define CD_MODEL_TEST_TIME_MIRRORING_H

#include "plan/plan.h"

/* Predicts as cd_plan_predict does, for a graph that sees photos. y receives the mean outputs of
 * the n images x and their mirror images, n x output shape. Leaves x mirrored. */
void cd_mirroring_predict(struct cd_plan *plan, const cnn_graph_t *graph, const float *weights,
                          const float *statistics, float *x, size_t n, float *y);

/* Mirrors n input images of the graph in place. */
void cd_mirroring_flip(const cnn_graph_t *graph, float *x, size_t n);

#endif

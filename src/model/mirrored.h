/* SPDX-License-Identifier: MIT
 *
 * Prediction with a second, mirrored look at each picture (Krizhevsky et al. 2012). */
#ifndef CD_MODEL_MIRRORED_H
#define CD_MODEL_MIRRORED_H

#include "plan/plan.h"

/* As cd_plan_predict, for a graph that sees photos; y (n x output shape) receives the mean of the
 * outputs of the pictures x as they are and mirrored. x is left mirrored. */
void cd_mirrored_predict(struct cd_plan *plan, const cnn_graph_t *graph, const float *weights,
                         const float *statistics, float *x, size_t n, float *y);

/* Mirrors n pictures x, inputs of the graph, in place. */
void cd_mirrored_input(const cnn_graph_t *graph, float *x, size_t n);

#endif

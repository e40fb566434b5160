/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation with constant statistics, which convolutions fold into their kernels. */
#ifndef CD_PLAN_LAYERS_BATCH_NORM_LAYER_H
#define CD_PLAN_LAYERS_BATCH_NORM_LAYER_H

#include "plan/step.h"

/* Computes factor and summand of each channel (c floats each) from the weights and the running
 * statistics of a node. */
void cd_batch_norm_moving(const struct cd_run *run, const struct cd_node *node, float *scale,
                          float *shift);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation with constant statistics, which convolutions fold into their kernels. */
#ifndef CD_PLAN_LAYERS_BATCH_NORM_LAYER_H
#define CD_PLAN_LAYERS_BATCH_NORM_LAYER_H

#include "plan/step.h"

/* Computes batch normalisation with running statistics as y = x scale + shift. node: the batch
 * normalisation. scale, shift: receive one float for each channel. */
void cd_batch_norm_moving(const struct cd_run *run, const struct cd_node *node, float *scale,
                          float *shift);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The backward pass of a convolution: functions for cd_layer_conv2d in conv_layer.c. */
#ifndef CD_PLAN_LAYERS_CONV_BACKWARD_H
#define CD_PLAN_LAYERS_CONV_BACKWARD_H

#include "plan/job.h"

/* Implementations of scratch_backward, temporary and backward of struct cd_layer. */
size_t cd_conv_backward_scratch(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_conv_backward_temporary(const struct cd_plan *plan, const struct cd_step *step);
void cd_conv_backward(struct cd_job *job);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Selects how a plan runs a convolution: the algorithm, and whether a following max pooling is
 * fused. The selection comes from the cost model or from cd_plan_options.choices, which plan/tune.h
 * fills by measuring. */
#ifndef CD_PLAN_CHOOSE_H
#define CD_PLAN_CHOOSE_H

#include "plan/step.h"

/* Describes the convolution of a step, with the max pooling `pooling` of the step if fuses_pooling
 * is 1. */
struct cd_conv_layer cd_choose_layer(const struct cd_plan *plan, const struct cd_step *step,
                                     int fuses_pooling);

/* Sets the step's passes, pooling, conv_layer, algorithm and out. choice: the selection to use, or
 * NULL for the cost model's. If the pooling is fused, its entry in needed becomes 0. */
void cd_choose_conv(const struct cd_plan *plan, unsigned char *needed,
                    const struct cd_conv_choice *choice, struct cd_step *step);

#endif

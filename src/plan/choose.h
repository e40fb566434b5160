/* SPDX-License-Identifier: MIT
 *
 * How a convolution of a plan is run: by which algorithm, and whether it fuses the max pooling
 * behind it. The cost model decides, or the caller of cd_plan_create_with (plan/tune.h measures).
 */
#ifndef CD_PLAN_CHOOSE_H
#define CD_PLAN_CHOOSE_H

#include "plan/step.h"

/* The convolution of a step with or without the max pooling that it could fuse. */
struct cd_conv_layer cd_choose_layer(const struct cd_plan *plan, const struct cd_step *step,
                                     int fuses_pooling);

/* Sets the step's passes, pooling, conv_layer, algorithm and out. choice: NULL, or the caller's.
 * A pooling that is fused is removed from needed. */
void cd_choose_conv(const struct cd_plan *plan, unsigned char *needed,
                    const struct cd_conv_choice *choice, struct cd_step *step);

#endif

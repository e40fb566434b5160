/* SPDX-License-Identifier: MIT
 *
 * The passes that a run of a plan consists of, with their work and their times: for profiles. */
#ifndef CD_PLAN_PASSES_H
#define CD_PLAN_PASSES_H

#include "plan/plan.h"

/* A pass of a step. */
struct cd_plan_pass {
    const char *layer;     /* the layer's name; the graph owns it */
    const char *algorithm; /* a convolution's algorithm, else "" */
    cnn_pass_t pass;
    size_t step;
    double multiply_adds, bytes; /* work for a whole batch, as in cnn_profile_entry_t */
};

/* Seconds that a step took in the last run. */
struct cd_step_times {
    double forward, backward;
    double backward_data; /* convolution: the share of backward for the gradient by the input */
};

size_t cd_plan_step_count(const struct cd_plan *plan);

/* Makes the following runs write their times to times (one for each step; the caller's), or none
 * for NULL. A run that takes times computes the two gradients of a convolution one after the other
 * instead of at once; the bits are the same. */
void cd_plan_take_times(struct cd_plan *plan, struct cd_step_times *times);

/* Lists the passes of a run with cd_plan_backward_adam in the order of the steps, at most three for
 * each step. Returns their number. */
size_t cd_plan_passes(const struct cd_plan *plan, struct cd_plan_pass *passes);

double cd_plan_pass_seconds(const struct cd_plan_pass *pass, const struct cd_step_times *times);

#endif

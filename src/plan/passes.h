/* SPDX-License-Identifier: MIT
 *
 * Lists the passes of a plan with their work and their times, for profiles. */
#ifndef CD_PLAN_PASSES_H
#define CD_PLAN_PASSES_H

#include "plan/plan.h"

/* A pass of a step, such as the forward pass of a convolution. */
struct cd_plan_pass {
    const char *layer;     /* name of the layer, owned by the graph */
    const char *algorithm; /* algorithm of a convolution; "" for other layers */
    cnn_pass_t pass;
    size_t step;
    double multiply_adds, bytes; /* work for a whole batch, as in cnn_profile_entry_t */
};

/* Seconds that a step took in the last run. */
struct cd_step_times {
    double forward, backward;
    double backward_data; /* convolution: the part of backward that computes the input gradient */
};

/* Starts measuring: the following runs write the time of step s to times[s]. The caller owns the
 * array. NULL stops measuring. While times are measured, the kernel gradient and the input gradient
 * of a convolution are computed one after the other instead of in parallel. The results are
 * bit-for-bit the same. */
void cd_plan_take_times(struct cd_plan *plan, struct cd_step_times *times);

/* Lists the passes of a run in the order of the steps. A run for training is cd_plan_forward with
 * cd_plan_backward_adam. passes needs room for three passes for each step. Returns the number of
 * passes. */
size_t cd_plan_passes(const struct cd_plan *plan, struct cd_plan_pass *passes);

/* Returns the time of a pass in seconds. times: what a run has written (cd_plan_take_times). */
double cd_plan_pass_seconds(const struct cd_plan_pass *pass, const struct cd_step_times *times);

#endif

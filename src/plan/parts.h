/* SPDX-License-Identifier: MIT
 *
 * What a run of a plan consists of, for whoever measures it. */
#ifndef CD_PLAN_PARTS_H
#define CD_PLAN_PARTS_H

#include "plan/plan.h"

/* A pass of a step. */
struct cd_plan_part {
    const char *layer;     /* the graph's */
    const char *algorithm; /* "" unless it is a convolution */
    cnn_pass_t pass;
    size_t step;
    double multiply_adds, bytes; /* of a whole batch, as cnn_profile_entry_t has them */
};

/* Seconds that a step took in the last run. */
struct cd_step_times {
    double forward, backward;
    double backward_data; /* of a convolution: the part of backward for the gradient by the input */
};

size_t cd_plan_step_count(const struct cd_plan *plan);

/* From now on a run writes its times (one a step, the caller's) there; NULL: it takes none. While
 * times are taken a convolution's two gradients are made one after the other, else at once: the
 * bits are the same. */
void cd_plan_take_times(struct cd_plan *plan, struct cd_step_times *times);

/* Of a run with cd_plan_backward_adam. At most three a step, in the order of the steps. Returns how
 * many. */
size_t cd_plan_parts(const struct cd_plan *plan, struct cd_plan_part *parts);

double cd_plan_part_seconds(const struct cd_plan_part *part, const struct cd_step_times *times);

#endif

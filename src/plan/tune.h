/* SPDX-License-Identifier: MIT
 *
 * Measuring the ways in which a plan's convolutions could be run. */
#ifndef CD_PLAN_TUNE_H
#define CD_PLAN_TUNE_H

#include "plan/parts.h"

/* A pass of a convolution, run in one way. */
struct cd_plan_candidate {
    const char *layer;     /* the graph's */
    const char *algorithm;
    cnn_pass_t pass;
    double cost;    /* the cost model's multiply-adds, for a batch */
    /* the least of some runs of a batch, with the max pooling behind it if there is one */
    double seconds;
    int chosen;     /* the plan runs it in this way */
};

/* The most that cd_plan_candidates can find. */
size_t cd_plan_candidates_most(const struct cd_plan *plan);

/* Step by step and way by way, each pass that the plan needs. Returns in n how many were found.
 * Errors: MEMORY, CANCELLED (cancel may be NULL). */
cnn_status_t cd_plan_candidates(const struct cd_plan *plan, const cnn_cancel_t *cancel,
                                struct cd_plan_candidate *candidates, size_t *n);

#endif

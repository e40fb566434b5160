/* SPDX-License-Identifier: MIT
 *
 * Selects the algorithms of convolutions by measuring them. */
#ifndef CD_PLAN_TUNE_H
#define CD_PLAN_TUNE_H

#include "plan/passes.h"

/* Creates a plan. If context->tune is set, measures each convolution with each algorithm and uses
 * the fastest ones. Otherwise does the same as cd_plan_create. Measuring takes several runs,
 * so it does not pay for a plan that runs only once. Errors: MEMORY. */
cnn_status_t cd_plan_create_tuned(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                  struct cd_plan **plan);

/* One pass of a convolution with one algorithm, and its time. */
struct cd_plan_candidate {
    const char *layer; /* name of the layer, owned by the graph */
    const char *algorithm;
    cnn_pass_t pass;
    double cost;    /* the cost model's estimate for a batch, in multiply-adds */
    double seconds; /* time of the fastest of several runs of a batch, max pooling included */
    int chosen;     /* 1: the plan uses this algorithm */
};

/* Returns the largest number of candidates that a plan can have. */
size_t cd_plan_candidates_most(const struct cd_plan *plan);

/* Measures every convolution of a plan with every algorithm that supports it, in each pass that the
 * plan runs. candidates: room for cd_plan_candidates_most(plan) candidates. *n receives their
 * number. cancel may be NULL. Errors: MEMORY, CANCELLED. */
cnn_status_t cd_plan_candidates(const struct cd_plan *plan, const cnn_cancel_t *cancel,
                                struct cd_plan_candidate *candidates, size_t *n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Choosing the algorithms of convolutions by measuring them. */
#ifndef CD_PLAN_TUNE_H
#define CD_PLAN_TUNE_H

#include "plan/passes.h"

/* Makes a plan whose convolutions are run by the fastest algorithms, if the context asks for that
 * (context->tune); otherwise as cd_plan_create_with. Measuring takes some runs of each convolution
 * with each algorithm, so a plan that runs once is made by cd_plan_create_with. Errors: MEMORY. */
cnn_status_t cd_plan_create_tuned(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                  struct cd_plan **plan);

/* A pass of a convolution by one algorithm. */
struct cd_plan_candidate {
    const char *layer; /* the layer's name; the graph owns it */
    const char *algorithm;
    cnn_pass_t pass;
    double cost;    /* the cost model's estimate for a batch, in multiply-adds */
    double seconds; /* the fastest of some runs of a batch, max pooling included */
    int chosen;     /* the plan uses this algorithm */
};

/* The largest number of candidates of a plan. */
size_t cd_plan_candidates_most(const struct cd_plan *plan);

/* Measures every algorithm for every convolution, in each pass that the plan runs. candidates has
 * room for cd_plan_candidates_most; n receives their number. cancel may be NULL. Errors: MEMORY,
 * CANCELLED. */
cnn_status_t cd_plan_candidates(const struct cd_plan *plan, const cnn_cancel_t *cancel,
                                struct cd_plan_candidate *candidates, size_t *n);

#endif

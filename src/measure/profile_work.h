/* SPDX-License-Identifier: MIT
 *
 * The plans and buffers that measuring a network takes. All of them are allocated before anything
 * is timed. */
#ifndef CD_MEASURE_PROFILE_WORK_H
#define CD_MEASURE_PROFILE_WORK_H

#include "measure/profile.h"
#include "plan/tune.h"
#include "train/trainer.h"

struct cd_profile_work {
    const cnn_profile_options_t *options;
    cnn_profile_t *profile;
    cnn_context_t *context;
    cnn_model_t *model;
    struct cd_trainer trainer; /* zero with options->inference */
    struct cd_plan *predict, *predict_one;
    float *x, *outputs; /* inputs and outputs of a batch */
    uint32_t *labels;
    double loss;                 /* loss of the last training step */
    struct cd_step_times *times; /* one a step of a plan */
    double update_seconds;
    struct cd_plan_pass *passes; /* passes of the plan that is timed */
    size_t most_runs;
    double *pass_seconds; /* most_runs for each pass, then for the update */
    double *run_seconds;  /* most_runs times of whole runs */
    struct cd_plan_candidate *candidates; /* candidates of the plan; NULL without options->tune */
    float *memory; /* CD_MACHINE_FLOATS, for measuring the bandwidth */
};

/* Makes a model with fresh weights, random inputs, the plans and all buffers. work has options,
 * profile (with its graph), context and most_runs; everything else is zero. Release work also on
 * failure. Errors: MEMORY, and the errors of cd_model_create. */
cnn_status_t cd_profile_work_init(struct cd_profile_work *work);
void cd_profile_work_release(struct cd_profile_work *work);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The plans and buffers that measuring a network requires. All of them are allocated before the
 * first timed run. */
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
    struct cd_trainer trainer; /* all zero if options->predict_only is set */
    struct cd_plan *predict, *predict_one;
    float *x, *outputs; /* inputs and outputs of a batch */
    uint32_t *labels;
    double loss;                 /* loss of the last training step */
    struct cd_step_times *times; /* one for each step of a plan */
    double update_seconds;
    struct cd_plan_pass *passes; /* the passes of the plan that is being timed */
    size_t most_runs;
    double *pass_seconds; /* most_runs times for each pass, then most_runs times for the update */
    double *run_seconds;  /* most_runs times, one for each whole run */
    /* convolution algorithms of a plan; NULL unless options->tune is set */
    struct cd_plan_candidate *candidates;
    float *memory; /* CD_MACHINE_FLOATS floats, for measuring the bandwidth */
};

/* Creates a model with fresh weights, random inputs, the plans and all buffers. The caller sets
 * options, profile (with its graph), context and most_runs; all other fields are zero. Release work
 * also on failure. Errors: MEMORY, and the errors of cd_model_create. */
cnn_status_t cd_profile_work_init(struct cd_profile_work *work);
void cd_profile_work_release(struct cd_profile_work *work);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A trainer makes single training steps. It has the plan, the state of the optimizer and the
 * buffers of a step, all of them allocated before the first step. */
#ifndef CD_TRAIN_TRAINER_H
#define CD_TRAIN_TRAINER_H

#include "model/model.h"
#include "plan/plan.h"
#include "train/loss.h"
#include "train/optimizer.h"

struct cd_trainer {
    cnn_context_t *context;
    cnn_model_t *model; /* its weights and statistics change in place */
    cnn_loss_t loss;
    uint64_t seed; /* seed of dropout */
    size_t batch, outputs;
    size_t frozen_nodes; /* how many of the first nodes are frozen */
    struct cd_plan *plan;
    struct cd_optimizer optimizer;
    float *gradients; /* optimizer.gradients */
    float *dy;        /* batch x outputs */
    /* The caller's: receives the seconds of the optimizer's update in each step. NULL: not
     * timed. */
    double *update_seconds;
};

/* options: complete; loss and freeze fit the graph. batch: the most samples of a step. On failure
 * nothing is held. Errors: MEMORY. */
cnn_status_t cd_trainer_init(cnn_model_t *model, const cnn_train_options_t *options, size_t batch,
                             struct cd_trainer *trainer);

/* Frees the buffers of a trainer, which may be all zero. */
void cd_trainer_release(struct cd_trainer *trainer);

/* Makes step number `step` (from 0) on n samples: forward, loss, backward, update. x: n x input
 * shape. outputs: n x outputs, overwritten with the outputs before the update. Returns the loss;
 * if it is not finite, the weights stay as they are. */
double cd_trainer_step(struct cd_trainer *trainer, const float *x, const struct cd_targets *targets,
                       size_t n, uint64_t step, double rate, float *outputs);

/* 1 if all weights, statistics and moments are finite. */
int cd_trainer_finite(const struct cd_trainer *trainer);

/* 1 if all n values are finite. */
int cd_all_finite(const float *values, size_t n);

#endif

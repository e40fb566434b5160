/* SPDX-License-Identifier: MIT
 *
 * A trainer: a plan for training, the optimizer's state, and the buffers of a step, all made
 * before the first one. */
#ifndef CD_TRAIN_TRAINER_H
#define CD_TRAIN_TRAINER_H

#include "model/model.h"
#include "plan/plan.h"
#include "train/loss.h"
#include "train/optimizer.h"

struct cd_trainer {
    cnn_context_t *context;
    cnn_model_t *model; /* its weights and statistics are moved in place */
    cnn_loss_t loss;
    uint64_t seed; /* of dropout */
    size_t batch, outputs;
    size_t frozen_nodes; /* of the graph, from the first on */
    struct cd_plan *plan;
    struct cd_optimizer optimizer;
    float *gradients; /* optimizer.gradients */
    float *dy;        /* batch x outputs */
    /* the caller's: what the optimizer took in the last step; NULL: not told */
    double *update_seconds;
};

/* options: complete; the loss and freeze fit the graph. batch: the most pictures of a step. On
 * failure nothing is held. Errors: MEMORY. */
cnn_status_t cd_trainer_init(cnn_model_t *model, const cnn_train_options_t *options, size_t batch,
                             struct cd_trainer *trainer);

/* Copes with a zeroed one. */
void cd_trainer_release(struct cd_trainer *trainer);

/* Step number step (from 0) on n pictures x with their targets. outputs (n x outputs) receives what
 * the network said before the step. Returns the loss; if it is not finite the weights stay. */
double cd_trainer_step(struct cd_trainer *trainer, const float *x,
                       const struct cd_targets *targets, size_t n, uint64_t step, double rate,
                       float *outputs);

/* 1 if weights, statistics and the optimizer's state are all finite numbers. */
int cd_trainer_finite(const struct cd_trainer *trainer);

/* 1 if n values are all finite. */
int cd_all_finite(const float *values, size_t n);

#endif

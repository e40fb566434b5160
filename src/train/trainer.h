/* SPDX-License-Identifier: MIT
 *
 * A trainer performs single training steps. It owns the plan, the state of the optimizer and the
 * buffers of a step. All of them are allocated before the first step. */
#ifndef CD_TRAIN_TRAINER_H
#define CD_TRAIN_TRAINER_H

#include "model/model.h"
#include "plan/plan.h"
#include "train/loss.h"
#include "train/optimizer.h"

struct cd_trainer {
    cnn_context_t *context;
    cnn_model_t *model; /* the steps change its weights and statistics */
    cnn_loss_t loss;
    uint64_t seed; /* seed of dropout */
    size_t batch, outputs;
    size_t frozen_nodes; /* number of frozen nodes, which are the first of the graph */
    struct cd_plan *plan;
    struct cd_optimizer optimizer;
    float *gradients; /* optimizer.gradients floats */
    float *dy;        /* batch x outputs: gradients of the loss */
    /* Set by the caller: receives the seconds that the optimizer's update takes in each step. NULL:
     * not measured. */
    double *update_seconds;
};

/* Creates the plan, the optimizer and the buffers. options: with all defaults filled in; loss and
 * freeze must fit the graph. batch: the largest number of samples in a step. On failure nothing
 * needs to be released. Errors: MEMORY. */
cnn_status_t cd_trainer_init(cnn_model_t *model, const cnn_train_options_t *options, size_t batch,
                             struct cd_trainer *trainer);

/* Frees the buffers of a trainer, which may be all zero. */
void cd_trainer_release(struct cd_trainer *trainer);

/* Performs step number `step` (from 0) on n samples: forward pass, loss, backward pass, update. x:
 * n images. outputs: n x outputs, overwritten with the outputs before the update. Returns the loss.
 * If the loss is not finite, the weights are unchanged. */
double cd_trainer_step(struct cd_trainer *trainer, const float *x, const struct cd_targets *targets,
                       size_t n, uint64_t step, double rate, float *outputs);

/* Returns 1 if all weights, statistics and moments are finite. */
int cd_trainer_finite(const struct cd_trainer *trainer);

/* Returns 1 if all n values are finite. */
int cd_all_finite(const float *values, size_t n);

#endif

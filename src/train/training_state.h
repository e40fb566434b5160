/* SPDX-License-Identifier: MIT
 *
 * The state of a training. All of it is allocated before the first step. Sizes are in floats; W is
 * the number of trainable weights and S the number of statistics of the network:
 *
 *   moments of the optimizer     2 W (Adam) or W (SGD), less for frozen layers
 *   best weights                 W + S
 *   moving average               W + S; only if the options ask for it
 *   gradients                    W; fewer with Adam, which updates the kernels of dense layers in
 *                                the backward pass without storing their gradients
 *   plan                         feature maps and gradients of one batch (cd_plan_bytes)
 *   images                       two batches: one is loaded while the other is trained on
 *   outputs, labels, order       a few bytes for each sample
 *
 * Validation runs on the same plan. A checkpoint is written directly from these buffers. */
#ifndef CD_TRAIN_TRAINING_STATE_H
#define CD_TRAIN_TRAINING_STATE_H

#include "data/loader.h"
#include "train/average.h"
#include "train/history.h"
#include "train/schedule.h"
#include "train/terms.h"
#include "train/trainer.h"

/* A split of the data, with the outputs of the network for its samples in the current epoch.
 * Outputs and labels are in the order in which the samples were run. */
struct cd_training_split {
    cnn_dataset_t *data;
    float *outputs;
    uint32_t *labels;
    size_t n; /* number of samples run so far, without photos that have become unreadable */
};

struct cd_training {
    cnn_context_t *context;
    cnn_model_t *model;
    const cnn_train_options_t *options;         /* with all defaults filled in */
    struct cd_training_split train, validation; /* validation.data is NULL if there is none */
    struct cd_trainer trainer;
    double *class_weights; /* one for each class; NULL: all are 1 */
    struct cd_schedule schedule;
    uint64_t steps_per_epoch;
    size_t *order; /* order of the training samples in the current epoch */
    struct cd_loader *loader;
    float table[3][256]; /* the result of cd_preprocess_table */
    /* Weights and statistics of the best epoch so far: the epoch with the lowest validation loss
     * or, without validation, the last one. Before the first epoch ends: the initial weights and
     * statistics. */
    float *best_weights, *best_statistics;
    struct cd_average average;
    struct cd_terms terms; /* empty if no checkpoint is written */
    cnn_history_t *history;
};

/* Allocates the state. The caller sets training->context, model and options; all other fields are
 * zero. data and validation (may be NULL) are loaded. Release training also on failure. Errors:
 * MEMORY. */
cnn_status_t cd_training_init(struct cd_training *training, cnn_dataset_t *data,
                              cnn_dataset_t *validation);
void cd_training_release(struct cd_training *training);

/* Return the weights and statistics that validation evaluates: the moving average if there is one,
 * else the model's. */
const float *cd_training_weights(const struct cd_training *training);
const float *cd_training_statistics(const struct cd_training *training);

/* Copies the weights and statistics that validation evaluates to best_weights and
 * best_statistics. */
void cd_training_keep_weights(struct cd_training *training);

/* Ends the training by choosing the final weights of the model. These are the best weights if
 * validation has chosen some or if the current weights are not finite; else the moving average if
 * there is one, or the current weights. */
void cd_training_choose_weights(struct cd_training *training);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The state of a training. All of it is allocated before the first step. W stands for the floats of
 * the trained weights:
 *
 *   moments of the optimizer     2 W (Adam), W (SGD), without frozen layers
 *   best weights                 W + statistics
 *   moving average               W + statistics, if options ask for it
 *   gradients                    W; with Adam without the kernels of dense layers, which backward
 *                                updates itself
 *   plan                         feature maps and gradients of one batch (cd_plan_bytes)
 *   images                       two batches: one is loaded while the other is trained on
 *   outputs, labels, order       some bytes for each sample
 *
 * The plan also runs the validation. A checkpoint is written from these buffers as they are. */
#ifndef CD_TRAIN_TRAINING_STATE_H
#define CD_TRAIN_TRAINING_STATE_H

#include "data/loader.h"
#include "train/average.h"
#include "train/history.h"
#include "train/schedule.h"
#include "train/terms.h"
#include "train/trainer.h"

/* A split of the data, with the outputs of the network for its samples in the current epoch, in the
 * order in which they were run. */
struct cd_training_split {
    cnn_dataset_t *data;
    float *outputs;
    uint32_t *labels;
    size_t n; /* samples run so far; photos that have become unreadable are missing */
};

struct cd_training {
    cnn_context_t *context;
    cnn_model_t *model;
    const cnn_train_options_t *options;         /* with all defaults filled in */
    struct cd_training_split train, validation; /* validation.data NULL: no validation */
    struct cd_trainer trainer;
    double *class_weights; /* one a class; NULL: every sample counts 1 */
    struct cd_schedule schedule;
    uint64_t steps_per_epoch;
    size_t *order; /* order of the training samples in the current epoch */
    struct cd_loader *loader;
    float table[3][256]; /* the result of cd_preprocess_table */
    /* The weights of the best epoch so far: the lowest validation loss or, without validation, the
     * last epoch. Before the first epoch ends: the weights that the training began with. */
    float *best_weights, *best_statistics;
    struct cd_average average;
    struct cd_terms terms; /* empty without a checkpoint */
    cnn_history_t *history;
};

/* Allocates the state. training has context, model and options; everything else is zero. data and
 * validation (may be NULL) are loaded. Release training also on failure. Errors: MEMORY. */
cnn_status_t cd_training_init(struct cd_training *training, cnn_dataset_t *data,
                              cnn_dataset_t *validation);
void cd_training_release(struct cd_training *training);

/* The weights and statistics that validation judges: the moving average if there is one, else the
 * model's. */
const float *cd_training_weights(const struct cd_training *training);
const float *cd_training_statistics(const struct cd_training *training);

/* Copies the weights and statistics that validation judges, as the best so far. */
void cd_training_keep_weights(struct cd_training *training);

/* Ends the training: the model gets the best weights if there is a validation set or the present
 * ones are not finite, else the weights that validation would judge. */
void cd_training_choose_weights(struct cd_training *training);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The state of a training: all that the epochs work on, made before the first step; its
 * checkpoints; and the weights it leaves behind. */
#ifndef CD_TRAIN_FIT_STATE_H
#define CD_TRAIN_FIT_STATE_H

#include "data/loader.h"
#include "train/average.h"
#include "train/checkpoint.h"
#include "train/schedule.h"
#include "train/trainer.h"

/* One part of the data with what the network said of it in this epoch, in the order it was run. */
struct cd_part {
    cnn_dataset_t *data;
    float *outputs;
    uint32_t *labels;
    size_t n; /* photos that it was shown in this epoch: all, but for those that are lost */
};

struct cd_fit {
    cnn_context_t *context;
    cnn_model_t *model;
    const cnn_train_options_t *options;
    struct cd_part train, validation; /* validation.data NULL: none */
    struct cd_trainer trainer;
    double *class_weights; /* one a class, or NULL */
    struct cd_schedule schedule;
    struct cd_terms terms; /* only with a checkpoint */
    uint64_t steps;        /* of an epoch */
    size_t *order;
    struct cd_loader *loader;
    float table[3][256];
    /* The weights of the best epoch (without validation, of the last one; before any, those the
     * training began with): what is left if it ends in NaN. */
    float *kept_weights, *kept_statistics;
    struct cd_average average; /* if options ask for it */
    cnn_history_t *history;
    int stop; /* a callback asked for it */
};

/* Starts from a zeroed fit with context, model and options (complete). data, validation (NULL:
 * none): prepared. On failure the caller still has to release. Errors: MEMORY. */
cnn_status_t cd_fit_init(struct cd_fit *fit, cnn_dataset_t *data, cnn_dataset_t *validation);
void cd_fit_release(struct cd_fit *fit);

/* The weights and statistics that the epochs are judged by: the average if there is one, else the
 * model's. */
const float *cd_fit_weights(const struct cd_fit *fit);
const float *cd_fit_statistics(const struct cd_fit *fit);

/* Keeps a copy of them. */
void cd_fit_keep_weights(struct cd_fit *fit);

/* Leaves the model with the weights that it should have, however the training ended. */
void cd_fit_choose_weights(struct cd_fit *fit);

/* Writes the checkpoint, if there is to be one. Errors: MEMORY, IO. */
cnn_status_t cd_fit_save(struct cd_fit *fit);

/* Goes on from the checkpoint, if that is wanted and there is one. On failure the model is as it
 * was. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_fit_resume(struct cd_fit *fit);

#endif

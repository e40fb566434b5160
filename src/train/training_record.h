/* SPDX-License-Identifier: MIT
 *
 * The model's own account of its training: the metadata "training". */
#ifndef CD_TRAIN_TRAINING_RECORD_H
#define CD_TRAIN_TRAINING_RECORD_H

#include "model/model.h"
#include "train/history.h"

/* Writes what the training was told (options: complete; photos: how many) and reached, as a JSON
 * object. Errors: MEMORY. */
cnn_status_t cd_training_record(cnn_model_t *model, const cnn_train_options_t *options,
                                size_t photos, const double *class_weights,
                                const cnn_history_t *history);

#endif

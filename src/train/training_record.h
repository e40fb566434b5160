/* SPDX-License-Identifier: MIT
 *
 * The record of a training in the model's metadata, under the key "training". */
#ifndef CD_TRAIN_TRAINING_RECORD_H
#define CD_TRAIN_TRAINING_RECORD_H

#include "model/model.h"
#include "train/history.h"

/* Writes options, class weights and results of a training as a JSON object. options: with all
 * defaults filled in. photos: number of training samples. class_weights: one for each class, or
 * NULL. history: may be empty. Errors: MEMORY; ARGUMENT (the metadata are full). */
cnn_status_t cd_training_record(cnn_model_t *model, const cnn_train_options_t *options,
                                size_t photos, const double *class_weights,
                                const cnn_history_t *history);

#endif

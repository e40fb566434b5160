/* SPDX-License-Identifier: MIT
 *
 * Runs a whole training: epochs with validation, early stopping, checkpoints and the record in
 * the model. */
#ifndef CD_TRAIN_TRAINING_H
#define CD_TRAIN_TRAINING_H

#include "data/dataset.h"
#include "model/model.h"
#include "train/history.h"

/* Trains the model as cnn_model_train does. options: with all defaults filled in. validation and
 * history may be NULL. *history is also set if the error is CANCELLED or NAN. Errors: as for
 * cnn_model_train. */
cnn_status_t cd_training_run(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                             const cnn_train_options_t *options, cnn_history_t **history);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Prepares a training: checks the arguments and loads the photos. */
#ifndef CD_TRAIN_TRAINING_PREPARE_H
#define CD_TRAIN_TRAINING_PREPARE_H

#include "data/dataset.h"
#include "model/model.h"

/* Checks that model, datasets and options fit together, then loads the photos of both datasets.
 * Loading can take minutes, so all checks come first. options: with all defaults filled in.
 * validation: may be NULL. Errors: ARGUMENT, SHAPE, DATA, and the errors of cd_dataset_load. */
cnn_status_t cd_training_prepare(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                                 const cnn_train_options_t *options);

#endif

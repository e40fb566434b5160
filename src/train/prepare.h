/* SPDX-License-Identifier: MIT
 *
 * Loads photos to train on. */
#ifndef CD_TRAIN_PREPARE_H
#define CD_TRAIN_PREPARE_H

#include "evaluate/sweep.h"

/* As cd_prepare_data, for photos to train on, which options (complete) may want larger. */
cnn_status_t cd_prepare_training(const cnn_model_t *model, const cnn_train_options_t *options,
                                 cnn_dataset_t *data, const cnn_dataset_load_options_t *load);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Checks that a model and a dataset fit together, and loads the photos of the dataset. */
#ifndef CD_EVALUATE_PREPARE_H
#define CD_EVALUATE_PREPARE_H

#include "data/dataset.h"
#include "model/model.h"

/* Checks that the input of the model's network is a photo, and that model and dataset have the same
 * classes in the same order. Class names are compared without regard to the case of ASCII letters.
 * Errors: SHAPE, DATA. */
cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data);

/* Calls cd_prepare_check, then loads the dataset with the model's preprocessing unless it has
 * already been loaded with it. load: as for cd_dataset_load. Errors: SHAPE, DATA, and the errors of
 * cd_dataset_load. */
cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_dataset_load_options_t *load);

#endif

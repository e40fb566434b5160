/* SPDX-License-Identifier: MIT
 *
 * Checks that a model and a dataset fit together, and loads the photos. */
#ifndef CD_EVALUATE_PREPARE_H
#define CD_EVALUATE_PREPARE_H

#include "data/dataset.h"
#include "model/model.h"

/* Checks that the model sees photos and that model and dataset have the same classes in the same
 * order. The case of ASCII letters is ignored. Errors: SHAPE, DATA. */
cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data);

/* Makes the checks of cd_prepare_check and loads the dataset with the model's preprocessing, unless
 * it is loaded so already. load: as for cd_dataset_load. Errors: SHAPE, DATA, and the errors of
 * cd_dataset_load. */
cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_dataset_load_options_t *load);

#endif

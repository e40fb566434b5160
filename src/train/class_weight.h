/* SPDX-License-Identifier: MIT
 *
 * How much a photo of each class counts in the training loss. */
#ifndef CD_TRAIN_CLASS_WEIGHT_H
#define CD_TRAIN_CLASS_WEIGHT_H

#include "data/dataset.h"

/* Checks the options that say it; n_classes: the model's. Errors: ARGUMENT. */
cnn_status_t cd_class_weight_check(const cnn_train_options_t *options, size_t n_classes);

/* Checks weights that are given. Errors: ARGUMENT. */
cnn_status_t cd_class_weight_values(const double *weights, size_t n);

/* One weight a class (cd_free), or NULL if every photo counts 1. options: checked. A class without
 * photos has the weight 0 with CNN_CLASS_WEIGHT_AUTO and does not count among the classes. Errors:
 * MEMORY. */
cnn_status_t cd_class_weight_make(const cnn_dataset_t *data, const cnn_train_options_t *options,
                                  double **weights);

#endif

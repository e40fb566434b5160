/* SPDX-License-Identifier: MIT
 *
 * Class weights: the factor of each class in the training loss. */
#ifndef CD_TRAIN_CLASS_WEIGHT_H
#define CD_TRAIN_CLASS_WEIGHT_H

#include "core/enum_names.h"
#include "data/dataset.h"

/* The names of class weights in recipes. CNN_CLASS_WEIGHT_VALUES has none. */
extern const struct cd_enum_names cd_class_weight_names;

/* Checks the options class_weight, class_weights and n_class_weights. n_classes: the number of
 * classes of the model. Errors: ARGUMENT. */
cnn_status_t cd_class_weight_check(const cnn_train_options_t *options, size_t n_classes);

/* Checks that n weights are from 0 to 1e6 and not all 0. Errors: ARGUMENT. */
cnn_status_t cd_class_weight_values(const double *weights, size_t n);

/* Creates an array with one weight for each class. *weights is NULL with CNN_CLASS_WEIGHT_NONE:
 * every sample has the weight 1. options: checked by cd_class_weight_check. With
 * CNN_CLASS_WEIGHT_AUTO, a class without samples gets the weight 0 and does not count as a class.
 * Free *weights with cd_free. Errors: MEMORY. */
cnn_status_t cd_class_weight_make(const cnn_dataset_t *data, const cnn_train_options_t *options,
                                  double **weights);

#endif

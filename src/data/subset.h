/* SPDX-License-Identifier: MIT
 *
 * Datasets of some of the samples of another dataset. They share its paths and pixels. */
#ifndef CD_DATA_SUBSET_H
#define CD_DATA_SUBSET_H

#include "data/dataset.h"

/* Selects the samples i with set_of[i] == set, in their order. size: how many these are. Errors:
 * MEMORY. */
cnn_status_t cd_dataset_select(const cnn_dataset_t *dataset, const unsigned char *set_of,
                               unsigned char set, size_t size, cnn_dataset_t **out);

/* Makes a dataset as cnn_dataset_subset does. indices: n >= 1, all different. Errors: ARGUMENT,
 * MEMORY. */
cnn_status_t cd_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices, size_t n,
                               cnn_dataset_t **subset);

#endif

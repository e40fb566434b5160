/* SPDX-License-Identifier: MIT
 *
 * Creates datasets that have some of the samples of another dataset, and share its paths and
 * pixels. */
#ifndef CD_DATA_SUBSET_H
#define CD_DATA_SUBSET_H

#include "data/dataset.h"

/* Creates a dataset of the samples i with set_of[i] == set, in their order. size: the number of
 * these samples. Errors: MEMORY. */
cnn_status_t cd_dataset_select(const cnn_dataset_t *dataset, const unsigned char *set_of,
                               unsigned char set, size_t size, cnn_dataset_t **out);

/* Implements cnn_dataset_subset(). indices: n >= 1 indices. Errors: ARGUMENT: an index is out of
 * range or occurs twice; MEMORY. */
cnn_status_t cd_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices, size_t n,
                               cnn_dataset_t **subset);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Data sets of some of another's samples: the parts of a split, and any others. */
#ifndef CD_DATA_SUBSET_H
#define CD_DATA_SUBSET_H

#include "data/dataset.h"

/* The samples i with part_of[i] == part, size in number, in their order; paths and pixels are
 * shared.
 * Errors: MEMORY. */
cnn_status_t cd_dataset_part(const cnn_dataset_t *dataset, const unsigned char *part_of,
                             unsigned char part, size_t size, cnn_dataset_t **out);

/* As cnn_dataset_subset. indices: n of them, at least 1. Errors: ARGUMENT (out of range, twice),
 * MEMORY. */
cnn_status_t cd_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices, size_t n,
                               cnn_dataset_t **subset);

#endif

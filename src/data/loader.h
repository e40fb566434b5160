/* SPDX-License-Identifier: MIT
 *
 * Batches of a loaded data set: pixels to float, labels, in a given order. */
#ifndef CD_DATA_LOADER_H
#define CD_DATA_LOADER_H

#include "data/augment.h"
#include "data/dataset.h"

/* The order of an epoch (from 1): a permutation of 0 .. count-1 drawn from seed and epoch. */
void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count);

/* Fills x with n pictures, x: n x height x width x 3 floats (the table of preprocess applied), and
 * labels (n). order NULL: samples first .. first+n-1; else samples order[first] .. . augmentation NULL:
 * none. Runs on the context's threads. */
void cd_loader_batch(const cnn_dataset_t *dataset, const float table[3][256], const size_t *order,
                     size_t first, size_t n, const struct cd_augmentation *augmentation, float *x,
                     uint32_t *labels);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Datasets of photos in tests. Any failure ends the test. */
#ifndef TESTS_SUPPORT_DATASET_CHECKS_H
#define TESTS_SUPPORT_DATASET_CHECKS_H

#include "support/photo_folder.h"

/* Opens the folder with the default options except strict. */
cnn_dataset_t *dataset_of_folder(cnn_context_t *context, const struct photo_folder *folder,
                                 int strict);

/* Loads a dataset with the default options. */
void dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess);

cnn_sample_t dataset_sample_at(const cnn_dataset_t *dataset, size_t index);
cnn_skipped_t dataset_skipped_at(const cnn_dataset_t *dataset, size_t index);

/* Checks the sample's pixels: cnn_image_load followed by cnn_preprocess_apply_rgb gives the
 * same. */
void dataset_has_pixels_of_file(cnn_context_t *context, const cnn_dataset_t *dataset, size_t index,
                                const cnn_preprocess_t *preprocess);

#endif

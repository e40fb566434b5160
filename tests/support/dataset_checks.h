/* SPDX-License-Identifier: MIT
 *
 * Opens, loads and checks datasets of photos. Any failure fails the test. */
#ifndef TESTS_SUPPORT_DATASET_CHECKS_H
#define TESTS_SUPPORT_DATASET_CHECKS_H

#include "support/photo_folder.h"

/* Opens the folder with default options, except for `strict`. */
cnn_dataset_t *dataset_of_folder(cnn_context_t *context, const struct photo_folder *folder,
                                 int strict);

/* Loads a dataset with the default options. */
void dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess);

cnn_sample_t dataset_sample_at(const cnn_dataset_t *dataset, size_t index);
cnn_skipped_t dataset_skipped_at(const cnn_dataset_t *dataset, size_t index);

/* Checks that the pixels of sample `index` equal the result of cnn_image_load and
 * cnn_preprocess_apply_rgb for its file. */
void dataset_has_pixels_of_file(cnn_context_t *context, const cnn_dataset_t *dataset, size_t index,
                                const cnn_preprocess_t *preprocess);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Collects all batches of one pass of the data loader in one array. */
#ifndef TESTS_SUPPORT_LOADER_PASS_H
#define TESTS_SUPPORT_LOADER_PASS_H

#include "data/loader.h"

/* Runs a pass in batches of `batch` samples. Writes the images to x (count x height x width x 3)
 * and the labels to labels (count); count is the number of samples. All photos must be readable. */
void loader_pass(const struct cd_loader_pass *pass, size_t batch, float *x, uint32_t *labels);

#endif

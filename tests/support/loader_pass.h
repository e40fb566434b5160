/* SPDX-License-Identifier: MIT
 *
 * All batches of a pass of a loader, in one array. */
#ifndef TESTS_SUPPORT_LOADER_PASS_H
#define TESTS_SUPPORT_LOADER_PASS_H

#include "data/loader.h"

/* Runs a pass in batches of `batch` samples. x: count x height x width x 3; labels: count. All
 * photos must be readable. */
void loader_pass(const struct cd_loader_pass *pass, size_t batch, float *x, uint32_t *labels);

#endif

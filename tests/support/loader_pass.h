/* SPDX-License-Identifier: MIT
 *
 * A whole pass of a loader, put together again. */
#ifndef TESTS_SUPPORT_LOADER_PASS_H
#define TESTS_SUPPORT_LOADER_PASS_H

#include "data/loader.h"

/* All samples in the pass's order, prepared in batches of so many. x: count x height x width x 3;
 * labels: count. No photo may be lost. */
void loader_pass(const struct cd_loader_pass *pass, size_t batch, float *x, uint32_t *labels);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The reliability diagram (Guo et al. 2017, section 2): samples are grouped by confidence into
 * bins of equal width, and the accuracy of each bin is compared with its mean confidence. Sums
 * are accumulated in double precision, in the order of the samples. */
#ifndef CD_EVALUATE_RELIABILITY_H
#define CD_EVALUATE_RELIABILITY_H

#include <catdog/catdog.h>

#include "evaluate/predictions.h"

/* Fills in CNN_RELIABILITY_BINS bins. A sample is in no bin if its confidence is NaN or not within
 * 0 .. 1. */
void cd_reliability(const struct cd_predictions *p, cnn_reliability_t *bins);

/* Returns the expected calibration error over n samples, or NaN if a sample is in no bin. */
double cd_reliability_error(const cnn_reliability_t *bins, size_t n);

#endif

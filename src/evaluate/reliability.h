/* SPDX-License-Identifier: MIT
 *
 * The reliability diagram (Guo et al. 2017, section 2): the samples in equal bins of their
 * confidence, and the accuracy in each bin. Sums are taken in double precision, in the order of
 * the samples. */
#ifndef CD_EVALUATE_RELIABILITY_H
#define CD_EVALUATE_RELIABILITY_H

#include <catdog/catdog.h>

#include "evaluate/predictions.h"

/* Fills in CNN_RELIABILITY_BINS bins. A sample whose confidence is not a number from 0 to 1 is
 * in no bin. */
void cd_reliability(const struct cd_predictions *p, cnn_reliability_t *bins);

/* The expected calibration error over n samples; NaN if some of them are in no bin. */
double cd_reliability_error(const cnn_reliability_t *bins, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Confidence beside accuracy (Guo et al. 2017, section 2): photos in equal bins of the probability
 * of the class that is told. Sums are taken in double, in the order of the pictures. */
#ifndef CD_EVALUATE_RELIABILITY_H
#define CD_EVALUATE_RELIABILITY_H

#include "evaluate/metrics.h"

/* Fills in CNN_RELIABILITY_BINS bins. A picture whose confidence is no number from 0 to 1 is in
 * none. */
void cd_reliability(const struct cd_predictions *p, cnn_reliability_t *bins);

/* The expected calibration error of n pictures; NaN if some are in no bin. */
double cd_reliability_error(const cnn_reliability_t *bins, size_t n);

#endif

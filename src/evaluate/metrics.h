/* SPDX-License-Identifier: MIT
 *
 * Metrics of predictions. All sums are taken in double precision, in the order of the samples, so
 * the results do not depend on the number of threads. */
#ifndef CD_EVALUATE_METRICS_H
#define CD_EVALUATE_METRICS_H

#include "core/context.h"
#include "evaluate/predictions.h"

/* Mean squared error. For two classes it compares the probability of class 1 with the label; for
 * more classes, all outputs with the one-hot labels. */
double cd_metrics_mse(const struct cd_predictions *p);

/* Pearson's correlation of the outputs and targets of the mean squared error; NaN if one of the two
 * is constant. */
double cd_metrics_pearson(const struct cd_predictions *p);

/* The fraction of the samples whose predicted class is the label. */
double cd_metrics_accuracy(const struct cd_predictions *p);

/* The mean of -log(probability of the labelled class); probabilities are clipped to
 * 1e-7 .. 1 - 1e-7. */
double cd_metrics_cross_entropy(const struct cd_predictions *p);

/* The 95 % Wilson interval of an accuracy: right of n samples. */
void cd_metrics_wilson(size_t right, size_t n, double *low, double *high);

/* All of cnn_metrics_t. confusion: n_classes x n_classes counts, actual x predicted, overwritten.
 * Errors: MEMORY. */
cnn_status_t cd_metrics_compute(cnn_context_t *context, const struct cd_predictions *p,
                                cnn_metrics_t *metrics, size_t *confusion);

#endif

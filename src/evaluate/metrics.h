/* SPDX-License-Identifier: MIT
 *
 * Metrics of predictions. Sums are accumulated in double precision, in the order of the samples,
 * so the results do not depend on the number of threads. */
#ifndef CD_EVALUATE_METRICS_H
#define CD_EVALUATE_METRICS_H

#include "core/context.h"
#include "evaluate/predictions.h"

/* Returns the mean squared error. For two classes, the probability of class 1 is compared with the
 * label; for more classes, all outputs are compared with the one-hot label. */
double cd_metrics_mse(const struct cd_predictions *p);

/* Returns Pearson's correlation of the outputs and the targets that cd_metrics_mse compares, or NaN
 * if all outputs or all targets are equal. */
double cd_metrics_pearson(const struct cd_predictions *p);

/* Returns the fraction of the samples whose predicted class is correct. */
double cd_metrics_accuracy(const struct cd_predictions *p);

/* Computes the 95 % Wilson confidence interval of the accuracy if `right` of n predictions are
 * correct. */
void cd_metrics_wilson(size_t right, size_t n, double *low, double *high);

/* Computes all metrics of cnn_metrics_t. confusion: n_classes x n_classes counts, actual class x
 * predicted class, overwritten. Errors: MEMORY. */
cnn_status_t cd_metrics_compute(cnn_context_t *context, const struct cd_predictions *p,
                                cnn_metrics_t *metrics, size_t *confusion);

#endif

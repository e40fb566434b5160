/* SPDX-License-Identifier: MIT
 *
 * Figures of what a network said of pictures beside their labels. All sums are taken in double, in
 * the order of the pictures. */
#ifndef CD_EVALUATE_METRICS_H
#define CD_EVALUATE_METRICS_H

#include "core/context.h"

struct cd_predictions {
    const float *outputs; /* n x columns: a network's outputs, or the probabilities of the classes.
                             Two classes: the last column is the probability of class 1 */
    size_t columns;       /* 1 or n_classes */
    const uint32_t *labels; /* n, below n_classes */
    size_t n;               /* at least 1 */
    size_t n_classes;       /* at least 2 */
};

/* The class that is told for picture i; of equal outputs the first. */
size_t cd_metrics_predicted(const struct cd_predictions *p, size_t i);

double cd_metrics_mse(const struct cd_predictions *p);

/* NaN where one side does not vary. */
double cd_metrics_pearson(const struct cd_predictions *p);

/* Share of the pictures whose class is told right: two classes by the threshold 0.5, more by the
 * largest output. */
double cd_metrics_accuracy(const struct cd_predictions *p);

/* Of the labelled class, probabilities clipped to 1e-7 .. 1 - 1e-7. */
double cd_metrics_cross_entropy(const struct cd_predictions *p);

/* counts[actual * n_classes + predicted], overwritten. */
void cd_metrics_confusion(const struct cd_predictions *p, size_t *counts);

/* NaN if a class is missing. Errors: MEMORY (n sort keys). */
cnn_status_t cd_metrics_auc(cnn_context_t *context, const struct cd_predictions *p, double *auc);

/* The 95 % interval of right of n. */
void cd_metrics_wilson(size_t right, size_t n, double *low, double *high);

/* All figures of cnn_metrics_t, and the confusion counts. Errors: MEMORY. */
cnn_status_t cd_metrics_compute(cnn_context_t *context, const struct cd_predictions *p,
                                cnn_metrics_t *metrics, size_t *confusion);

#endif

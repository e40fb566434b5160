/* SPDX-License-Identifier: MIT
 *
 * The area under the ROC curve. */
#ifndef CD_EVALUATE_RANKING_H
#define CD_EVALUATE_RANKING_H

#include "core/context.h"
#include "evaluate/predictions.h"

/* Computes the area under the ROC curve of a class: the probability that a sample of the class gets
 * a larger output than a sample of another class. Ties count half (Mann and Whitney). Two classes:
 * the area of class 1. More classes: the mean of the areas of all classes, each against the rest.
 * *auc is NaN if a class has no sample or an output is NaN. Allocates n sort keys. Errors:
 * MEMORY. */
cnn_status_t cd_ranking_auc(cnn_context_t *context, const struct cd_predictions *p, double *auc);

#endif

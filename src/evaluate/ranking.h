/* SPDX-License-Identifier: MIT
 *
 * The area under the ROC curve. */
#ifndef CD_EVALUATE_RANKING_H
#define CD_EVALUATE_RANKING_H

#include "core/context.h"
#include "evaluate/predictions.h"

/* The probability that a sample of the class gets a larger output than another sample (Mann and
 * Whitney), ties counted half. Two classes: of class 1; more: the mean over the classes, each
 * against the rest. NaN if a class has no sample or an output is NaN. Allocates n sort keys.
 * Errors: MEMORY. */
cnn_status_t cd_ranking_auc(cnn_context_t *context, const struct cd_predictions *p, double *auc);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Computes the number of photos of each class in the sets of a split. */
#ifndef CD_DATA_SPLIT_H
#define CD_DATA_SPLIT_H

#include "core/context.h"

/* One class of the dataset. */
struct cd_split_class {
    size_t count;      /* photos; at most UINT32_MAX in all classes together */
    size_t train;      /* photos in the training set */
    size_t validation; /* photos in the validation set */
};

/* Distributes train and validation photos among the classes, in proportion to the counts, by the
 * method of largest remainders; ties go to the earlier class. Both totals are met exactly; together
 * they are at most the sum of the counts. Errors: MEMORY. */
cnn_status_t cd_split_apportion(cnn_context_t *context, struct cd_split_class *classes, size_t n,
                                size_t train, size_t validation);

#endif

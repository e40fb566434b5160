/* SPDX-License-Identifier: MIT
 *
 * Computes how many photos of each class are in the training and validation sets of a split. */
#ifndef CD_DATA_SPLIT_H
#define CD_DATA_SPLIT_H

#include "core/context.h"

/* One class of the dataset. */
struct cd_split_class {
    size_t count;      /* photos in the dataset; the sum over all classes is at most UINT32_MAX */
    size_t train;      /* photos in the training set */
    size_t validation; /* photos in the validation set */
};

/* Sets the fields train and validation of n classes in proportion to their counts, by the method of
 * largest remainders. If remainders are equal, the earlier class comes first. The sums over all
 * classes are exactly `train` and `validation`. These two together must not exceed the sum of the
 * counts. Errors: MEMORY. */
cnn_status_t cd_split_apportion(cnn_context_t *context, struct cd_split_class *classes, size_t n,
                                size_t train, size_t validation);

#endif

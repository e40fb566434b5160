/* SPDX-License-Identifier: MIT
 *
 * How many photos of each class go to which part of a split. */
#ifndef CD_DATA_SPLIT_H
#define CD_DATA_SPLIT_H

#include "core/context.h"

/* One class of the data set that is split. */
struct cd_split_class {
    size_t count; /* its photos; at most UINT32_MAX in all classes together */
    size_t train; /* of them in each part */
    size_t validation;
};

/* Shares train and validation, together at most the counts' sum, among the classes in proportion
 * to their counts, by largest remainders (ties: the earlier class first). Both totals are met
 * exactly. Errors: MEMORY. */
cnn_status_t cd_split_apportion(cnn_context_t *context, struct cd_split_class *classes, size_t n,
                                size_t train, size_t validation);

#endif

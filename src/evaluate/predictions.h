/* SPDX-License-Identifier: MIT
 *
 * The outputs of a network for n samples, with the labels of the samples. */
#ifndef CD_EVALUATE_PREDICTIONS_H
#define CD_EVALUATE_PREDICTIONS_H

#include <stddef.h>
#include <stdint.h>

struct cd_predictions {
    const float *outputs;   /* n x columns: outputs of the network or class probabilities. With two
                               classes the last column is the probability of class 1 */
    size_t columns;         /* 1 or n_classes */
    const uint32_t *labels; /* n, below n_classes */
    size_t n;               /* samples, at least 1 */
    size_t n_classes;       /* at least 2 */
};

/* Output number column of sample i. */
static inline double cd_predictions_output(const struct cd_predictions *p, size_t i, size_t column)
{
    return (double)p->outputs[i * p->columns + column];
}

/* Two classes: the probability of class 1. */
static inline double cd_predictions_positive(const struct cd_predictions *p, size_t i)
{
    return cd_predictions_output(p, i, p->columns - 1);
}

/* The predicted class of sample i. Two classes: 1 if its probability is above 0.5. More classes:
 * the largest output, the first of equal ones. */
size_t cd_predictions_class(const struct cd_predictions *p, size_t i);

#endif

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
    const uint32_t *labels; /* n labels, each below n_classes */
    size_t n;               /* number of samples, at least 1 */
    size_t n_classes;       /* number of classes, at least 2 */
};

/* Returns output number `column` of sample i. */
static inline double cd_predictions_output(const struct cd_predictions *p, size_t i, size_t column)
{
    return (double)p->outputs[i * p->columns + column];
}

/* Returns the probability of class 1 for sample i. For two classes only. */
static inline double cd_predictions_positive(const struct cd_predictions *p, size_t i)
{
    return cd_predictions_output(p, i, p->columns - 1);
}

/* Returns the predicted class of sample i. Two classes: 1 if the probability of class 1 is above
 * 0.5, else 0. More classes: the class with the largest output, the first one in case of a tie. */
size_t cd_predictions_class(const struct cd_predictions *p, size_t i);

#endif

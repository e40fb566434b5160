/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (Guo et al. 2017): the one number that makes probabilities as large as they
 * are right. Arithmetic in double on one thread, so the same for any number of them. */
#ifndef CD_EVALUATE_TEMPERATURE_H
#define CD_EVALUATE_TEMPERATURE_H

#include <stddef.h>
#include <stdint.h>

/* What a network says of n pictures before its last sigmoid or softmax. */
struct cd_logits {
    const float *values;   /* n x columns */
    const float *mirrored; /* the same of the mirror images, or NULL; then the mean of both
                              probabilities counts */
    size_t columns;        /* 1: of class 1 of two, class 0 having 0 */
    const uint32_t *labels; /* n */
    size_t n;
};

/* The mean of -log(probability of the labelled class), all being divided by temperature. NaN or
 * infinite only if a value is. */
double cd_logits_cross_entropy(const struct cd_logits *logits, double temperature);

/* The temperature where that is least; 0 if it is none between CD_TEMPERATURE_MIN and MAX. */
#define CD_TEMPERATURE_MIN 0.01
#define CD_TEMPERATURE_MAX 100.0
double cd_logits_temperature(const struct cd_logits *logits);

/* The probabilities of picture i at a temperature: columns of them. */
void cd_logits_probabilities(const struct cd_logits *logits, size_t i, double temperature,
                             float *probabilities);

#endif

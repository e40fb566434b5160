/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (Guo et al. 2017): logits divided by one number, the temperature, give
 * calibrated probabilities. Everything is computed in double precision on one thread. */
#ifndef CD_EVALUATE_TEMPERATURE_H
#define CD_EVALUATE_TEMPERATURE_H

#include <stddef.h>
#include <stdint.h>

/* The logits of n samples: the inputs of the last sigmoid or softmax. */
struct cd_logits {
    const float *values;   /* n x columns */
    const float *mirrored; /* n x columns, of the mirrored images; NULL without test-time mirroring.
                              Predicted is the mean of both probabilities */
    size_t columns;        /* 1: the logit of class 1 of two */
    const uint32_t *labels; /* n labels */
    size_t n;
};

/* The mean of -log(probability of the labelled class) at a temperature. Not finite only if a
 * logit is not. */
double cd_logits_cross_entropy(const struct cd_logits *logits, double temperature);

/* The temperature with the lowest cross entropy between CD_TEMPERATURE_MIN and
 * CD_TEMPERATURE_MAX; 0 if the cross entropy is lowest at a bound. */
#define CD_TEMPERATURE_MIN 0.01
#define CD_TEMPERATURE_MAX 100.0
double cd_logits_temperature(const struct cd_logits *logits);

/* The probabilities of sample i at a temperature. probabilities: columns floats, overwritten. */
void cd_logits_probabilities(const struct cd_logits *logits, size_t i, double temperature,
                             float *probabilities);

#endif

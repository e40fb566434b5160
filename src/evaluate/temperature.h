/* SPDX-License-Identifier: MIT
 *
 * Temperature scaling (Guo et al. 2017): all logits are divided by one number, the temperature,
 * to get calibrated probabilities. Everything is computed in double precision on one thread. */
#ifndef CD_EVALUATE_TEMPERATURE_H
#define CD_EVALUATE_TEMPERATURE_H

#include <stddef.h>
#include <stdint.h>

/* The logits of n samples: the inputs of the last sigmoid or softmax. */
struct cd_logits {
    const float *values;   /* n x columns */
    /* n x columns, logits of the mirror images; NULL without test-time mirroring. The predicted
     * probability is the mean of both probabilities */
    const float *mirrored;
    size_t columns; /* number of logits of a sample; 1 for two classes: the logit of class 1 */
    const uint32_t *labels; /* n labels */
    size_t n;
};

/* Returns the mean of -log(probability of the labelled class) at a temperature. The result is
 * finite if all logits are finite. */
double cd_logits_cross_entropy(const struct cd_logits *logits, double temperature);

/* Returns the temperature from CD_TEMPERATURE_MIN to CD_TEMPERATURE_MAX with the lowest
 * cross-entropy, or 0 if the cross-entropy is lowest at one of these bounds. */
#define CD_TEMPERATURE_MIN 0.01
#define CD_TEMPERATURE_MAX 100.0
double cd_logits_temperature(const struct cd_logits *logits);

/* Computes the probabilities of sample i at a temperature. probabilities: logits->columns floats,
 * overwritten. */
void cd_logits_probabilities(const struct cd_logits *logits, size_t i, double temperature,
                             float *probabilities);

#endif

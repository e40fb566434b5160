/* SPDX-License-Identifier: MIT */
#include "evaluate/temperature.h"

#include <math.h>

/* Returns log(exp(a) + exp(b)), computed without overflow. */
static double log_sum(double a, double b)
{
    const double large = a > b ? a : b, small = a > b ? b : a;
    return large + log1p(exp(small - large));
}

/* Returns the logarithm of the probability of class `label`. values: the logits of one sample. */
static double log_probability(const float *values, size_t columns, uint32_t label,
                              double temperature)
{
    if (columns == 1) {
        const double z = (double)values[0] / temperature;
        return -log_sum(0, label ? -z : z);
    }
    double most = (double)values[0], sum = 0;
    for (size_t j = 1; j < columns; j++)
        most = (double)values[j] > most ? (double)values[j] : most;
    for (size_t j = 0; j < columns; j++)
        sum += exp(((double)values[j] - most) / temperature);
    return ((double)values[label] - most) / temperature - log(sum);
}

/* Returns the logarithm of the probability of class `label` for sample i. With test-time mirroring
 * this is the mean of the probabilities for the image and for its mirror image. */
static double log_mean(const struct cd_logits *logits, size_t i, uint32_t label,
                       double temperature)
{
    const size_t columns = logits->columns, at = i * columns;
    const double first = log_probability(logits->values + at, columns, label, temperature);

    if (!logits->mirrored)
        return first;
    return log_sum(first,
                   log_probability(logits->mirrored + at, columns, label, temperature)) - log(2);
}

void cd_logits_probabilities(const struct cd_logits *logits, size_t i, double temperature,
                             float *probabilities)
{
    for (uint32_t j = 0; j < logits->columns; j++)
        probabilities[j] = (float)exp(log_mean(logits, i, logits->columns == 1 ? 1 : j,
                                               temperature));
}

double cd_logits_cross_entropy(const struct cd_logits *logits, double temperature)
{
    double sum = 0;

    for (size_t i = 0; i < logits->n; i++)
        sum -= log_mean(logits, i, logits->labels[i], temperature);
    return sum / (double)logits->n;
}

/* Uses golden-section search (Kiefer 1953) on the logarithm of the temperature. The cross-entropy
 * is convex in 1 / temperature, so it has a single minimum. With test-time mirroring it is convex
 * only while the predictions for images and mirror images mostly agree. */
double cd_logits_temperature(const struct cd_logits *logits)
{
    const double ratio = (sqrt(5) - 1) / 2, low = log(CD_TEMPERATURE_MIN);
    const double high = log(CD_TEMPERATURE_MAX), tolerance = 1e-7;
    double a = low, b = high;
    double x = b - ratio * (b - a), y = a + ratio * (b - a);
    double at_x = cd_logits_cross_entropy(logits, exp(x));
    double at_y = cd_logits_cross_entropy(logits, exp(y));

    while (b - a > tolerance) {
        if (at_x <= at_y) {
            b = y;
            y = x;
            at_y = at_x;
            x = b - ratio * (b - a);
            at_x = cd_logits_cross_entropy(logits, exp(x));
        } else {
            a = x;
            x = y;
            at_x = at_y;
            y = a + ratio * (b - a);
            at_y = cd_logits_cross_entropy(logits, exp(y));
        }
    }
    return a == low || b == high ? 0 : exp(a + (b - a) / 2);
}

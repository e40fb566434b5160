/* SPDX-License-Identifier: MIT */
#include "evaluate/reliability.h"

#include <math.h>

/* Returns the probability of the predicted class. */
static double confidence(const struct cd_predictions *p, size_t i, size_t predicted)
{
    if (p->n_classes > 2)
        return cd_predictions_output(p, i, predicted);
    const double positive = cd_predictions_positive(p, i);
    return predicted ? positive : 1 - positive;
}

/* Returns the bin of a confidence. Bin b contains the values above b / CNN_RELIABILITY_BINS, up to
 * and including (b + 1) / CNN_RELIABILITY_BINS. Bin 0 also contains 0. */
static size_t bin_of(double value)
{
    size_t bin = (size_t)(value * CNN_RELIABILITY_BINS);

    if (bin > 0 && value * CNN_RELIABILITY_BINS == (double)bin)
        bin--;
    return bin;
}

void cd_reliability(const struct cd_predictions *p, cnn_reliability_t *bins)
{
    for (size_t b = 0; b < CNN_RELIABILITY_BINS; b++)
        bins[b] = (cnn_reliability_t){.struct_size = sizeof *bins,
                                      .low = (double)b / CNN_RELIABILITY_BINS,
                                      .high = (double)(b + 1) / CNN_RELIABILITY_BINS};
    for (size_t i = 0; i < p->n; i++) {
        const size_t predicted = cd_predictions_class(p, i);
        const double value = confidence(p, i, predicted);
        if (!(value >= 0 && value <= 1)) /* catches NaN too */
            continue;
        cnn_reliability_t *bin = &bins[bin_of(value)];
        bin->n_samples++;
        bin->confidence += value; /* a sum, which the loop below divides by n */
        bin->accuracy += predicted == p->labels[i];
    }
    for (size_t b = 0; b < CNN_RELIABILITY_BINS; b++) {
        const double n = (double)bins[b].n_samples;
        bins[b].confidence = n > 0 ? bins[b].confidence / n : NAN;
        bins[b].accuracy = n > 0 ? bins[b].accuracy / n : NAN;
    }
}

double cd_reliability_error(const cnn_reliability_t *bins, size_t n)
{
    double sum = 0;
    size_t photos = 0;

    for (size_t b = 0; b < CNN_RELIABILITY_BINS; b++) {
        photos += bins[b].n_samples;
        if (bins[b].n_samples > 0)
            sum += (double)bins[b].n_samples * fabs(bins[b].confidence - bins[b].accuracy);
    }
    return photos == n ? sum / (double)n : NAN;
}

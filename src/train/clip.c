/* SPDX-License-Identifier: MIT */
#include "train/clip.h"

/* Number of independent partial sums, which lets the compiler vectorise the loop. */
enum { LANES = 16 };

double cd_clip_squares(const float *values, size_t n)
{
    double lanes[LANES] = {0}, sum = 0;
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t j = 0; j < LANES; j++)
            lanes[j] += (double)values[i + j] * (double)values[i + j];
    for (; i < n; i++)
        sum += (double)values[i] * (double)values[i];
    for (size_t j = 0; j < LANES; j++)
        sum += lanes[j];
    return sum;
}

void cd_clip_scale(float factor, float *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] *= factor;
}

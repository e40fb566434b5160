/* SPDX-License-Identifier: MIT */
#include "core/random.h"
#include "kernels/plain/plain.h"

void CD_LEVEL_NAME(column_sums)(size_t rows, size_t c, const float *x, size_t ldx, double *sums)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < c; k++)
            sums[k] += x[r * ldx + k];
}

void CD_LEVEL_NAME(column_dots)(size_t rows, size_t c, const float *x, const float *y, double *sums)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < c; k++)
            sums[k] += (double)x[r * c + k] * y[r * c + k];
}

void CD_LEVEL_NAME(scale_shift)(size_t rows, size_t c, const float *x, const float *scale,
                        const float *shift, float *y)
{
    for (size_t r = 0; r < rows; r++) {
        CD_INDEPENDENT
        for (size_t k = 0; k < c; k++)
            y[r * c + k] = x[r * c + k] * scale[k] + shift[k];
    }
}

void CD_LEVEL_NAME(batch_norm_backward)(size_t rows, size_t c, const float *x, const float *dy,
                                const float *a, const float *b, const float *d, float *dx)
{
    for (size_t r = 0; r < rows; r++) {
        CD_INDEPENDENT
        for (size_t k = 0; k < c; k++)
            dx[r * c + k] = a[k] * dy[r * c + k] + b[k] * x[r * c + k] + d[k];
    }
}

void CD_LEVEL_NAME(add)(size_t n, const float *a, const float *b, float *y)
{
    CD_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

void CD_LEVEL_NAME(dropout)(size_t n, uint64_t key, uint64_t first, float rate, const float *x, float *y)
{
    const float scale = 1.0f / (1.0f - rate);
    CD_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        const float kept = x[i] * scale;
        y[i] = cd_random_float(key, first + i) < rate ? 0.0f : kept;
    }
}

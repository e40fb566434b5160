/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "kernels/level_kernels.h"
#include "kernels/pool_window.h"

void CD_LEVEL_NAME(average_pool_forward)(const struct cd_conv *pool, const float *x, float *y)
{
    const size_t c = pool->ci;

    memset(y, 0, pool->oh * pool->ow * c * sizeof *y);
    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct cd_pool_window window = cd_pool_window_at(pool, r, q);
            const float share = 1.0f / (float)cd_pool_window_size(window);
            float *out = y + (r * pool->ow + q) * c;
            for (size_t i = window.r0; i < window.r1; i++)
                for (size_t j = window.q0; j < window.q1; j++)
                    for (size_t k = 0; k < c; k++)
                        out[k] += x[(i * pool->w + j) * c + k];
            for (size_t k = 0; k < c; k++)
                out[k] *= share;
        }
}

void CD_LEVEL_NAME(average_pool_backward)(const struct cd_conv *pool, const float *dy, float *dx)
{
    const size_t c = pool->ci;

    memset(dx, 0, pool->h * pool->w * c * sizeof *dx);
    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct cd_pool_window window = cd_pool_window_at(pool, r, q);
            const float share = 1.0f / (float)cd_pool_window_size(window);
            const float *in = dy + (r * pool->ow + q) * c;
            for (size_t i = window.r0; i < window.r1; i++)
                for (size_t j = window.q0; j < window.q1; j++)
                    for (size_t k = 0; k < c; k++)
                        dx[(i * pool->w + j) * c + k] += in[k] * share;
        }
}

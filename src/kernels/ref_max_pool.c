/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "kernels/pool_window.h"
#include "kernels/reference.h"

/* Updates the maxima and winners of c channels with the elements at x, whose indices begin at
 * `first`. NaN replaces any number and is not replaced by one. */
static void take_larger(size_t c, const float *x, uint32_t first, float *best, uint32_t *winner)
{
    for (size_t k = 0; k < c; k++) {
        const int wins = (x[k] > best[k]) | (x[k] != x[k]);
        best[k] = wins ? x[k] : best[k];
        winner[k] = wins ? first + (uint32_t)k : winner[k];
    }
}

static void take_larger_value(size_t c, const float *x, float *best)
{
    for (size_t k = 0; k < c; k++)
        best[k] = ((x[k] > best[k]) | (x[k] != x[k])) ? x[k] : best[k];
}

void cd_ref_max_pool_forward(const struct cd_conv *pool, const float *x, float *y, uint32_t *winner)
{
    const size_t c = pool->ci;

    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct cd_pool_window window = cd_pool_window_at(pool, r, q);
            const size_t out = (r * pool->ow + q) * c;
            const size_t start = (window.r0 * pool->w + window.q0) * c;
            memcpy(y + out, x + start, c * sizeof *y);
            for (size_t k = 0; winner && k < c; k++)
                winner[out + k] = (uint32_t)(start + k);
            for (size_t i = window.r0; i < window.r1; i++)
                for (size_t j = window.q0; j < window.q1; j++) {
                    const size_t at = (i * pool->w + j) * c;
                    if (winner)
                        take_larger(c, x + at, (uint32_t)at, y + out, winner + out);
                    else
                        take_larger_value(c, x + at, y + out);
                }
        }
}

void cd_ref_max_pool_backward(const struct cd_conv *pool, const float *dy, const uint32_t *winner,
                              float *dx)
{
    memset(dx, 0, pool->h * pool->w * pool->ci * sizeof *dx);
    for (size_t i = 0; i < pool->oh * pool->ow * pool->ci; i++)
        dx[winner[i]] += dy[i];
}

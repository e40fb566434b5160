/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "kernels/reference.h"

/* The part of a window that lies inside the map: rows r0 .. r1-1, columns q0 .. q1-1. */
struct clip {
    size_t r0, r1, q0, q1;
};

static size_t low(size_t start, size_t before)
{
    return start > before ? start - before : 0;
}

static size_t high(size_t start, size_t size, size_t before, size_t limit)
{
    const size_t end = start + size - before; /* builders keep padding below the window's size */
    return end < limit ? end : limit;
}

static struct clip window_at(const struct cd_conv *pool, size_t r, size_t q)
{
    const struct cd_window *w = &pool->window;
    struct clip clip = {
        .r0 = low(r * w->sh, w->top),
        .r1 = high(r * w->sh, w->kh, w->top, pool->h),
        .q0 = low(q * w->sw, w->left),
        .q1 = high(q * w->sw, w->kw, w->left, pool->w),
    };
    return clip;
}

/* Folds the channels at x (of index first) into the maxima so far. A NaN wins and stays. */
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
            const struct clip clip = window_at(pool, r, q);
            const size_t out = (r * pool->ow + q) * c;
            const size_t start = (clip.r0 * pool->w + clip.q0) * c;
            memcpy(y + out, x + start, c * sizeof *y);
            for (size_t k = 0; winner && k < c; k++)
                winner[out + k] = (uint32_t)(start + k);
            for (size_t i = clip.r0; i < clip.r1; i++)
                for (size_t j = clip.q0; j < clip.q1; j++) {
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

void cd_ref_average_pool_forward(const struct cd_conv *pool, const float *x, float *y)
{
    const size_t c = pool->ci;

    memset(y, 0, pool->oh * pool->ow * c * sizeof *y);
    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct clip clip = window_at(pool, r, q);
            const float share = 1.0f / (float)((clip.r1 - clip.r0) * (clip.q1 - clip.q0));
            float *out = y + (r * pool->ow + q) * c;
            for (size_t i = clip.r0; i < clip.r1; i++)
                for (size_t j = clip.q0; j < clip.q1; j++)
                    for (size_t k = 0; k < c; k++)
                        out[k] += x[(i * pool->w + j) * c + k];
            for (size_t k = 0; k < c; k++)
                out[k] *= share;
        }
}

void cd_ref_average_pool_backward(const struct cd_conv *pool, const float *dy, float *dx)
{
    const size_t c = pool->ci;

    memset(dx, 0, pool->h * pool->w * c * sizeof *dx);
    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct clip clip = window_at(pool, r, q);
            const float share = 1.0f / (float)((clip.r1 - clip.r0) * (clip.q1 - clip.q0));
            const float *in = dy + (r * pool->ow + q) * c;
            for (size_t i = clip.r0; i < clip.r1; i++)
                for (size_t j = clip.q0; j < clip.q1; j++)
                    for (size_t k = 0; k < c; k++)
                        dx[(i * pool->w + j) * c + k] += in[k] * share;
        }
}

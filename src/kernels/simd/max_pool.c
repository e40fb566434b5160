/* SPDX-License-Identifier: MIT
 *
 * Max pooling, one vector of channels at a time. Each window is read once, while its maximum and
 * winner (the index of the maximum) are in registers. */
#include "kernels/pool_window.h"
#include "kernels/reference.h"
#include "kernels/simd/simd.h"

/* Returns the indices first, first + 1, ... of a vector of channels. */
CD_INLINE cd_vi indices_from(size_t first)
{
    cd_vi indices;
    for (size_t i = 0; i < CD_LANES; i++)
        indices[i] = (int32_t)i;
    return indices + cd_vi_all((int32_t)(uint32_t)first);
}

CD_INLINE void store_indices_n(uint32_t *to, cd_vi indices, size_t n)
{
    memcpy(to, &indices, n * sizeof *to);
}

/* Pools n channels of a window of kh x kw elements. The window begins at index `start` of x; `row`
 * and c are the distances of its rows and columns in floats. n is the constant CD_LANES for whole
 * vectors. */
CD_INLINE void pool_channels(const float *x, size_t start, size_t row, size_t c, size_t kh,
                             size_t kw, size_t n, float *y, uint32_t *winner)
{
    cd_vf best = n == CD_LANES ? cd_vf_load(x + start) : cd_vf_load_n(x + start, n);
    cd_vi which = indices_from(start);

    for (size_t i = 0; i < kh; i++)
        for (size_t j = i == 0; j < kw; j++) {
            const size_t at = start + i * row + j * c;
            const cd_vf value = n == CD_LANES ? cd_vf_load(x + at) : cd_vf_load_n(x + at, n);
            const cd_vm wins = (cd_vm)(cd_vf_greater(value, best) | cd_vf_is_nan(value));
            best = cd_vf_select(wins, value, best);
            if (winner)
                which = cd_vi_select(wins, indices_from(at), which);
        }
    if (n == CD_LANES)
        cd_vf_store(y, best);
    else
        cd_vf_store_n(y, best, n);
    if (winner)
        store_indices_n(winner, which, n);
}

CD_INLINE void pool_window(const float *x, size_t start, size_t row, size_t c, size_t kh, size_t kw,
                           float *y, uint32_t *winner)
{
    size_t k = 0;

    for (; k + CD_LANES <= c; k += CD_LANES)
        pool_channels(x, start + k, row, c, kh, kw, CD_LANES, y + k, winner ? winner + k : NULL);
    if (k < c)
        pool_channels(x, start + k, row, c, kh, kw, c - k, y + k, winner ? winner + k : NULL);
}

/* The usual window of 2 x 2 has a branch of its own, in which the compiler unrolls the loops. */
void CD_LEVEL_NAME(max_pool_forward)(const struct cd_conv *pool, const float *x, float *y,
                                     uint32_t *winner)
{
    const size_t c = pool->ci, row = pool->w * c;

    for (size_t r = 0; r < pool->oh; r++)
        for (size_t q = 0; q < pool->ow; q++) {
            const struct cd_pool_window w = cd_pool_window_at(pool, r, q);
            const size_t out = (r * pool->ow + q) * c, start = w.r0 * row + w.q0 * c;
            const size_t kh = w.r1 - w.r0, kw = w.q1 - w.q0;
            uint32_t *winners = winner ? winner + out : NULL;
            if (kh == 2 && kw == 2)
                pool_window(x, start, row, c, 2, 2, y + out, winners);
            else
                pool_window(x, start, row, c, kh, kw, y + out, winners);
        }
}

/* ---- backward ---- */

/* Returns 1 if the windows neither overlap nor need padding. Each element of x is then in at most
 * one window. */
static int windows_tile(const struct cd_conv *pool)
{
    const struct cd_window *w = &pool->window;
    return w->top == 0 && w->left == 0 && w->sh == w->kh && w->sw == w->kw &&
           pool->oh * w->kh <= pool->h && pool->ow * w->kw <= pool->w;
}

/* Writes the gradient of n channels of one window: dy at the winner, 0 at all other elements. */
CD_INLINE void spread_channels(const float *dy, const uint32_t *winner, size_t start, size_t row,
                               size_t c, size_t kh, size_t kw, size_t n, float *dx)
{
    const cd_vf value = n == CD_LANES ? cd_vf_load(dy) : cd_vf_load_n(dy, n);
    cd_vi which = {0};

    memcpy(&which, winner, n * sizeof *winner);
    for (size_t i = 0; i < kh; i++)
        for (size_t j = 0; j < kw; j++) {
            const size_t at = start + i * row + j * c;
            const cd_vm won = cd_vi_equal(which, indices_from(at));
            const cd_vf part = cd_vf_select(won, value, cd_vf_zero());
            if (n == CD_LANES)
                cd_vf_store(dx + at, part);
            else
                cd_vf_store_n(dx + at, part, n);
        }
}

CD_INLINE void spread_window(const float *dy, const uint32_t *winner, size_t start, size_t row,
                             size_t c, size_t kh, size_t kw, float *dx)
{
    size_t k = 0;

    for (; k + CD_LANES <= c; k += CD_LANES)
        spread_channels(dy + k, winner + k, start + k, row, c, kh, kw, CD_LANES, dx);
    if (k < c)
        spread_channels(dy + k, winner + k, start + k, row, c, kh, kw, c - k, dx);
}

void CD_LEVEL_NAME(max_pool_backward)(const struct cd_conv *pool, const float *dy,
                                      const uint32_t *winner, float *dx)
{
    const size_t c = pool->ci, kh = pool->window.kh, kw = pool->window.kw, row = pool->w * c;
    const size_t used = pool->ow * kw * c;

    if (!windows_tile(pool)) {
        cd_ref_max_pool_backward(pool, dy, winner, dx);
        return;
    }
    for (size_t r = 0; r < pool->oh; r++) {
        for (size_t q = 0; q < pool->ow; q++) {
            const size_t out = (r * pool->ow + q) * c, start = r * kh * row + q * kw * c;
            if (kh == 2 && kw == 2)
                spread_window(dy + out, winner + out, start, row, c, 2, 2, dx);
            else
                spread_window(dy + out, winner + out, start, row, c, kh, kw, dx);
        }
        for (size_t i = 0; i < kh; i++) /* columns outside all windows */
            memset(dx + (r * kh + i) * row + used, 0, (row - used) * sizeof *dx);
    }
    const size_t rows = pool->oh * kh;
    memset(dx + rows * row, 0, (pool->h - rows) * row * sizeof *dx);
}

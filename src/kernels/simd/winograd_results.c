/* SPDX-License-Identifier: MIT
 *
 * Transforms points to tiles of 4 x 4 outputs, and applies bias, ReLU and 2 x 2 max pooling. The
 * winner of each pooling window is stored for the backward passes. */
#include "kernels/simd/winograd.h"

/* Transforms the 36 points of one vector of channels of a tile to its 4 x 4 outputs. */
CD_INLINE void transform(const float *m, size_t plane, cd_vf y[4][4])
{
    CD_UNROLL
    for (size_t pair = 0; pair < WINOGRAD_PAIRS; pair++) {
        cd_vf half[2][4];
        CD_UNROLL
        for (size_t k = 0; k < 6; k++) {
            const float *from = m + (k % 3 * 12 + pair * 2 + k / 3) * plane;
            const cd_vf points[2] = {cd_vf_load(from), cd_vf_load(from + 6 * plane)};
            winograd_results(k % 3, points, half[k / 3]);
        }
        CD_UNROLL
        for (size_t i = 0; i < 4; i++) {
            const cd_vf points[2] = {half[0][i], half[1][i]};
            winograd_results(pair, points, y[i]);
        }
    }
}

/* Returns the maximum of a window, and in *winner the number of the first element that is equal to
 * it. NaN counts as larger than every number. Adding the same bias to all elements does not change
 * the winner, so the caller adds it to the maximum only. */
CD_INLINE cd_vf largest(const cd_vf window[4], cd_vi *winner)
{
    cd_vf best = window[0];

    *winner = cd_vi_all(0);
    for (int k = 1; k < 4; k++) {
        const cd_vm wins = cd_vf_greater(window[k], best) | cd_vf_is_nan(window[k]);
        best = cd_vf_select(wins, window[k], best);
        *winner = cd_vi_select(wins, cd_vi_all(k), *winner);
    }
    return best;
}

/* Stores the pooled output of a window and its winner. ReLU passes no gradient (winner 4) unless
 * its output is above 0; NaN is not. */
CD_INLINE void store_window(const struct winograd_target *target, size_t at, size_t lanes,
                            const cd_vf window[4], cd_vf bias)
{
    cd_vi winner;
    cd_vf value = largest(window, &winner) + bias;

    if (target->relu) {
        winner = cd_vi_select(cd_vf_greater(value, cd_vf_zero()), winner, cd_vi_all(4));
        value = cd_vf_relu(value);
    }
    cd_vf_store_some(target->y + at, value, lanes);
    if (target->kept)
        cd_vi_store_bytes_some(target->kept + at, winner, lanes);
}

CD_INLINE void store_pooled(const struct winograd_target *target, size_t t, size_t u, size_t o,
                            size_t lanes, cd_vf y[4][4], cd_vf bias)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 2; j++) {
            const cd_vf window[4] = {y[2 * i][2 * j], y[2 * i][2 * j + 1], y[2 * i + 1][2 * j],
                                     y[2 * i + 1][2 * j + 1]};
            const size_t row = 2 * t + i, column = 2 * u + j;
            if (row < target->last && column < target->w)
                store_window(target, (row * target->w + column) * target->c + o, lanes, window,
                             bias);
        }
}

CD_INLINE void store_dense(const struct winograd_target *target, size_t t, size_t u, size_t o,
                           size_t lanes, cd_vf y[4][4], cd_vf bias)
{
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++) {
            const size_t row = 4 * t + i, column = 4 * u + j;
            cd_vf value = y[i][j] + bias;
            if (target->relu)
                value = cd_vf_relu(value);
            if (row < target->last && column < target->w)
                cd_vf_store_some(target->y + (row * target->w + column) * target->c + o, value,
                                 lanes);
        }
}

CD_INLINE struct winograd_target image_of(const struct winograd_target *target, size_t image)
{
    const size_t offset = image * target->h * target->w * target->c;
    struct winograd_target one = *target;

    one.y += offset;
    if (one.kept)
        one.kept += offset;
    return one;
}

void CD_LEVEL_NAME(winograd_results_tiles)(const struct winograd_target *target, size_t o,
                                           size_t width, size_t first, size_t count, const float *m,
                                           size_t plane)
{
    for (size_t k = 0; k < count; k++) {
        const struct winograd_place at = winograd_place_of(first + k, target->across, target->down);
        const struct winograd_target image = image_of(target, at.image);
        for (size_t v = 0; v < width; v++, m += CD_LANES) {
            const size_t channel = o + v * CD_LANES;
            const size_t lanes = winograd_lanes(target->c - channel);
            cd_vf y[4][4], bias = cd_vf_zero();
            transform(m, plane, y);
            if (target->bias)
                bias = winograd_load(target->bias + channel, lanes);
            if (target->pooled)
                store_pooled(&image, at.t, at.u, channel, lanes, y, bias);
            else
                store_dense(&image, at.t, at.u, channel, lanes, y, bias);
        }
    }
}

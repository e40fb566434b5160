/* SPDX-License-Identifier: MIT
 *
 * Transforms kernels to points, once in each training step or once before predictions, and
 * transforms the sums of backward kernel back to kernels. */
#include <string.h>

#include "kernels/simd/winograd.h"

/* Transforms 3 x 3 taps, each a vector of output channels, to 36 points. plane: distance of two
 * points in u, in floats. */
CD_INLINE void transform(const cd_vf g[3][3], float *u, size_t plane)
{
    cd_vf half[6][3];

    for (size_t j = 0; j < 3; j++) {
        const cd_vf column[3] = {g[0][j], g[1][j], g[2][j]};
        cd_vf t[6];
        winograd_taps(column, t);
        for (size_t i = 0; i < 6; i++)
            half[i][j] = t[i];
    }
    for (size_t i = 0; i < 6; i++) {
        cd_vf t[6];
        winograd_taps(half[i], t);
        for (size_t j = 0; j < 6; j++)
            cd_vf_store(u + (6 * i + j) * plane, t[j]);
    }
}

/* Reads the 3 x 3 taps of input channel c and vector v of the output channels. */
typedef void read_taps_fn(size_t ci, size_t co, const float *kernel, size_t c, size_t v,
                          cd_vf g[3][3]);

CD_INLINE void read_taps(size_t ci, size_t co, const float *kernel, size_t c, size_t v,
                         cd_vf g[3][3])
{
    const size_t o = v * CD_LANES, lanes = winograd_lanes(co - o);

    for (size_t k = 0; k < 9; k++)
        g[k / 3][k % 3] = cd_vf_load_n(kernel + (k * ci + c) * co + o, lanes);
}

CD_INLINE void read_rotated_taps(size_t ci, size_t co, const float *kernel, size_t c, size_t v,
                                cd_vf g[3][3])
{
    const size_t o = v * CD_LANES, lanes = winograd_lanes(ci - o);

    for (size_t k = 0; k < 9; k++) {
        float values[CD_LANES] = {0};
        for (size_t l = 0; l < lanes; l++)
            values[l] = kernel[((8 - k) * ci + o + l) * co + c];
        g[k / 3][k % 3] = cd_vf_load(values);
    }
}

/* Transforms all taps of a kernel. depth: number of input channels; vectors: number of vectors of
 * output channels. */
CD_INLINE void all_taps(read_taps_fn *read, size_t ci, size_t co, size_t depth, size_t vectors,
                        const float *kernel, float *u)
{
    for (size_t v = 0; v < vectors;) {
        const size_t width = winograd_block(vectors - v), plane = depth * width * CD_LANES;
        for (size_t w = 0; w < width; w++)
            for (size_t c = 0; c < depth; c++) {
                cd_vf g[3][3];
                read(ci, co, kernel, c, v + w, g);
                transform((const cd_vf(*)[3])g, u + (c * width + w) * CD_LANES, plane);
            }
        v += width;
        u += WINOGRAD_POINTS * plane;
    }
}

void CD_LEVEL_NAME(winograd_kernel)(size_t ci, size_t co, const float *kernel, float *u)
{
    all_taps(read_taps, ci, co, ci, cd_vectors(co), kernel, u);
}

void CD_LEVEL_NAME(winograd_rotated_kernel)(size_t ci, size_t co, const float *kernel, float *u)
{
    all_taps(read_rotated_taps, ci, co, co, cd_vectors(ci), kernel, u);
}

/* Adds the contribution of one pair of rows of points to 3 x 3 taps. */
CD_INLINE void transform_back(size_t pair, const float *sums, size_t plane, cd_vf g[3][3])
{
    cd_vf half[2][3];

    memset(half, 0, sizeof half);
    for (size_t k = 0; k < 6; k++) {
        const float *from = sums + (k / 3 * 6 + k % 3 * 2) * plane;
        const cd_vf points[2] = {cd_vf_load(from), cd_vf_load(from + plane)};
        winograd_sums_to_taps(k % 3, points, half[k / 3]);
    }
    for (size_t j = 0; j < 3; j++) {
        const cd_vf points[2] = {half[0][j], half[1][j]};
        cd_vf column[3] = {g[0][j], g[1][j], g[2][j]};
        winograd_sums_to_taps(pair, points, column);
        for (size_t i = 0; i < 3; i++)
            g[i][j] = column[i];
    }
}

CD_INLINE void add_back(size_t pair, size_t ci, size_t co, size_t lanes, const float *sums,
                        size_t plane, float *dkernel)
{
    cd_vf g[3][3];

    for (size_t e = 0; e < 9; e++)
        g[e / 3][e % 3] = pair ? cd_vf_load_n(dkernel + e * ci * co, lanes) : cd_vf_zero();
    transform_back(pair, sums, plane, g);
    for (size_t e = 0; e < 9; e++)
        cd_vf_store_n(dkernel + e * ci * co, g[e / 3][e % 3], lanes);
}

void CD_LEVEL_NAME(winograd_kernel_back)(size_t pair, size_t ci, size_t co, size_t o,
                                         size_t channels, const float *sums, size_t plane,
                                         float *dkernel)
{
    for (size_t c = 0; c < ci; c++)
        for (size_t k = 0; k < channels; k += CD_LANES, sums += CD_LANES)
            add_back(pair, ci, co, winograd_lanes(channels - k), sums, plane,
                     dkernel + c * co + o + k);
}

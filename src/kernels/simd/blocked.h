/* SPDX-License-Identifier: MIT
 *
 * Convolution by the definition for many channels and any window and stride, as matrix products of
 * which no factor is laid out first: with channels innermost, what a line of the window covers is
 * kw ci floats in a row, and the next result's are sw ci further on. So the register tile of a
 * matrix product (tile.h) reads its rows where they lie, line after line of the window:
 *
 *     y[r][q][o] = sum over lines i, over p < kw ci of  x[r sh + i][q sw ci + p] kernel[i][p][o]
 *
 * Backward data is the same for each class of places of dx that are a whole number of strides
 * apart: those see the same taps, in a row in dy. Backward kernel sums over the places instead:
 *
 *     dkernel[i][p][o] = sum over rows r, columns q of  x[r sh + i][q sw ci + p] dy[r][q][o]
 *
 * A map with padding around it is copied first, some rows of it (a band).
 *
 * Errors: as stated for the kernels in kernels.h; each sum is made of blocks of some 256
 * products. */
#ifndef CD_KERNELS_SIMD_BLOCKED_H
#define CD_KERNELS_SIMD_BLOCKED_H

#include "kernels/simd/gemm.h"

enum { BLOCKED_PLACES = 256 }; /* results in a call, or places that are summed at once, about */

/* Rows row .. row+rows-1, columns column .. column+columns-1 of maps of h x w x c, 0 outside. */
struct blocked_band {
    ptrdiff_t row, column;
    size_t rows, columns;
};

/* A band of n pictures. */
struct blocked_rows {
    const float *at;
    size_t line, picture; /* floats from row to row, from picture to picture */
};

CD_INLINE int blocked_inside(const struct blocked_band *band, size_t h, size_t w)
{
    return band->row >= 0 && band->column >= 0 && (size_t)band->row + band->rows <= h &&
           (size_t)band->column + band->columns <= w;
}

/* Where it lies if all of it is inside, or else copied to `to`, of n rows columns c floats. */
struct blocked_rows CD_LEVEL_NAME(blocked_take)(const struct blocked_band *band, size_t n, size_t h,
                                                size_t w, size_t c, const float *map, float *to);

/* The rows of x under rows first .. last-1 of y. */
CD_INLINE struct blocked_band blocked_under(const struct cd_conv *conv, size_t first, size_t last)
{
    const struct cd_window *window = &conv->window;

    return (struct blocked_band){
        .row = (ptrdiff_t)(first * window->sh) - (ptrdiff_t)window->top,
        .column = -(ptrdiff_t)window->left,
        .rows = (last - first - 1) * window->sh + window->kh,
        .columns = (conv->ow - 1) * window->sw + window->kw,
    };
}

/* Rows of y at a time. */
CD_INLINE size_t blocked_rows_of_y(const struct cd_conv *conv)
{
    const size_t most = cd_divide_up(BLOCKED_PLACES, conv->ow);
    return cd_divide_up(conv->oh, cd_divide_up(conv->oh, most));
}

/* blocked_data.c: conv.h's functions for backward data. */
size_t CD_LEVEL_NAME(blocked_data_rows)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_data_scratch)(const struct cd_conv *conv, size_t pictures);
size_t CD_LEVEL_NAME(blocked_data_prepared)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_data_prepare)(const struct cd_conv *conv, const float *kernel,
                                         float *prepared);
void CD_LEVEL_NAME(blocked_data)(const struct cd_conv *conv, size_t n, const float *dy,
                                 const float *prepared, size_t first, size_t last, float *dx,
                                 float *scratch);

/* blocked_gradient.c: those for backward kernel. */
size_t CD_LEVEL_NAME(blocked_gradient_blocks)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_gradient_scratch)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_gradient)(const struct cd_conv *conv, size_t part, size_t n,
                                     const float *x, const float *dy, float *dkernel, float *dbias,
                                     float *scratch);

/* Results that all see the same taps: n pictures x rows x columns of them, of `channels`
 * channels. */
struct blocked_product {
    const float *a; /* under the first result */
    size_t a_column, a_row, a_picture; /* floats to the next result's */
    size_t lines, a_line, depth; /* a result is made of so many lines of depth floats */
    const float *b; /* panels of tile columns, each lines x depth x CD_TILE_COLUMNS */
    float *c;
    size_t c_column, c_row, c_picture;
    size_t n, rows, columns, channels;
};
void CD_LEVEL_NAME(blocked_multiply)(const struct blocked_product *product);

/* Floats of such panels. */
CD_INLINE size_t blocked_panels(size_t taps, size_t channels)
{
    return taps * cd_divide_up(channels, CD_TILE_COLUMNS) * CD_TILE_COLUMNS;
}

#endif

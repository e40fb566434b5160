/* SPDX-License-Identifier: MIT
 *
 * The algorithm "blocked": convolution by the definition, for many channels and any window and
 * stride, as matrix products without a packed A. With channels innermost, a row of the window
 * covers kw ci contiguous floats, and the next result's begin sw ci floats further on. The register
 * tile (tile.h) can therefore read its rows in place, one row of the window ("line") after another:
 *
 *     y[r][q][o] = sum over lines i, over p < kw ci of  x[r sh + i][q sw ci + p] kernel[i][p][o]
 *
 * Backward data is the same for each class of places of dx that are a whole number of strides
 * apart. They see the same taps, which are contiguous in dy. Backward kernel sums over the places
 * instead:
 *
 *     dkernel[i][p][o] = sum over rows r, columns q of  x[r sh + i][q sw ci + p] dy[r][q][o]
 *
 * Where padding is needed, some rows of the feature map (a band) are first copied with zeros around
 * them.
 *
 * Errors: as kernels.h states for the convolution kernels. Each sum is made of chunks of at most
 * about 256 products. */
#ifndef CD_KERNELS_SIMD_BLOCKED_H
#define CD_KERNELS_SIMD_BLOCKED_H

#include "kernels/simd/gemm.h"

enum { BLOCKED_PLACES = 256 }; /* approximate number of results in a work item */

/* Rows row .. row+rows-1 and columns column .. column+columns-1 of a feature map, 0 outside. */
struct blocked_band {
    ptrdiff_t row, column;
    size_t rows, columns;
};

/* A band of n images in memory. */
struct blocked_rows {
    const float *at;
    size_t line, image; /* floats from row to row, from image to image */
};

CD_INLINE int blocked_inside(const struct blocked_band *band, size_t h, size_t w)
{
    return band->row >= 0 && band->column >= 0 && (size_t)band->row + band->rows <= h &&
           (size_t)band->column + band->columns <= w;
}

/* Returns the band of n images in place if all of it is inside the map (h x w x c). Otherwise
 * copies it to `to`, n * rows * columns * c floats. */
struct blocked_rows CD_LEVEL_NAME(blocked_take)(const struct blocked_band *band, size_t n, size_t h,
                                                size_t w, size_t c, const float *map, float *to);

/* Returns the band of x under rows first .. last-1 of y. */
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

/* Returns the number of rows of y in a work item. */
CD_INLINE size_t blocked_rows_of_y(const struct cd_conv *conv)
{
    const size_t most = cd_divide_up(BLOCKED_PLACES, conv->ow);
    return cd_divide_up(conv->oh, cd_divide_up(conv->oh, most));
}

/* blocked_data.c: the functions of conv.h for backward data. */
size_t CD_LEVEL_NAME(blocked_data_rows)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_data_scratch)(const struct cd_conv *conv, size_t images);
size_t CD_LEVEL_NAME(blocked_data_prepared)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_data_prepare)(const struct cd_conv *conv, const float *kernel,
                                         float *prepared);
void CD_LEVEL_NAME(blocked_data)(const struct cd_conv *conv, size_t n, const float *dy,
                                 const float *prepared, size_t first, size_t last, float *dx,
                                 float *scratch);

/* blocked_gradient.c: the functions of conv.h for backward kernel. */
size_t CD_LEVEL_NAME(blocked_gradient_blocks)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_gradient_scratch)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_gradient)(const struct cd_conv *conv, size_t block, size_t n,
                                     const float *x, const float *dy, float *dkernel, float *dbias,
                                     float *scratch);

/* A product for n images x rows x columns of results that all see the same taps. A result has
 * `channels` channels and is a sum over `lines` lines of `depth` floats. */
struct blocked_product {
    const float *a; /* the first float of A for the first result */
    size_t a_column, a_row, a_image; /* floats to the next result, row, image */
    size_t lines, a_line, depth;     /* a_line: floats from line to line */
    const float *b; /* panels of CD_TILE_COLUMNS columns: lines x depth x CD_TILE_COLUMNS each */
    float *c;
    size_t c_column, c_row, c_image;
    size_t n, rows, columns, channels;
};
void CD_LEVEL_NAME(blocked_multiply)(const struct blocked_product *product);

/* Returns the size in floats of the panels of b for blocked_multiply. */
CD_INLINE size_t blocked_panels(size_t taps, size_t channels)
{
    return taps * cd_divide_up(channels, CD_TILE_COLUMNS) * CD_TILE_COLUMNS;
}

#endif

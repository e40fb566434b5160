/* SPDX-License-Identifier: MIT
 *
 * The algorithm "blocked": convolutions with many channels and any window and stride, as matrix
 * products (tile.h) that read x in place. With channels innermost, a row of the window (a line)
 * covers kw ci contiguous floats. The line of the next output begins sw ci floats further on. One
 * matrix product for each line i therefore computes a row of y:
 *
 *     y[r][q][o] = sum over lines i, over p < kw ci of  x[r sh + i][q sw ci + p] kernel[i][p][o]
 *
 * Backward data computes dx in the same way. The elements of dx are divided into classes of
 * elements that are a whole number of strides apart. All elements of a class have the same taps,
 * which are contiguous in dy (blocked_data.c).
 *
 * Backward kernel sums over the outputs instead:
 *
 *     dkernel[i][p][o] = sum over rows r, columns q of  x[r sh + i][q sw ci + p] dy[r][q][o]
 *
 * A band is the part of a feature map that a work item reads. If it includes padding, it is first
 * copied with zeros around it.
 *
 * Errors: as kernels.h states for the convolution kernels. The chunks of each sum have at most
 * about 256 products. */
#ifndef CD_KERNELS_SIMD_BLOCKED_H
#define CD_KERNELS_SIMD_BLOCKED_H

#include "kernels/simd/gemm.h"

enum { BLOCKED_PLACES = 256 }; /* approximate number of outputs in a work item */

/* Rows row .. row+rows-1 and columns column .. column+columns-1 of a feature map. Elements outside
 * the feature map are 0. */
struct blocked_band {
    ptrdiff_t row, column;
    size_t rows, columns;
};

/* The same band of n images, in memory. */
struct blocked_rows {
    const float *at;
    size_t line, image; /* distances of two rows and of two images, in floats */
};

CD_INLINE int blocked_inside(const struct blocked_band *band, size_t h, size_t w)
{
    return band->row >= 0 && band->column >= 0 && (size_t)band->row + band->rows <= h &&
           (size_t)band->column + band->columns <= w;
}

/* Returns the band of n images of a feature map (h x w x c). If the band is inside the map, the
 * result points into the map. Otherwise the band is copied to `to`, which has room for n * rows *
 * columns * c floats. */
struct blocked_rows CD_LEVEL_NAME(blocked_take)(const struct blocked_band *band, size_t n, size_t h,
                                                size_t w, size_t c, const float *map, float *to);

/* Returns the band of x that rows first .. last-1 of y are computed from. */
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

/* blocked_data.c: implements the functions of conv.h for backward data. */
size_t CD_LEVEL_NAME(blocked_data_rows)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_data_scratch)(const struct cd_conv *conv, size_t images);
size_t CD_LEVEL_NAME(blocked_data_prepared)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_data_prepare)(const struct cd_conv *conv, const float *kernel,
                                         float *prepared);
void CD_LEVEL_NAME(blocked_data)(const struct cd_conv *conv, size_t n, const float *dy,
                                 const float *prepared, size_t first, size_t last, float *dx,
                                 float *scratch);

/* blocked_gradient.c: implements the functions of conv.h for backward kernel. */
size_t CD_LEVEL_NAME(blocked_gradient_blocks)(const struct cd_conv *conv);
size_t CD_LEVEL_NAME(blocked_gradient_scratch)(const struct cd_conv *conv);
void CD_LEVEL_NAME(blocked_gradient)(const struct cd_conv *conv, size_t block, size_t n,
                                     const float *x, const float *dy, float *dkernel, float *dbias,
                                     float *scratch);

/* A product that computes n images x rows x columns of outputs, all with the same taps. An output
 * has `channels` channels. Each is a sum over `lines` lines of `depth` floats. */
struct blocked_product {
    const float *a; /* first factor of the first output */
    size_t a_column, a_row, a_image; /* distances to the next output, row and image, in floats */
    size_t lines, a_line, depth;     /* a_line: distance of two lines, in floats */
    const float *b; /* panels of the kernel, each lines x depth x CD_TILE_COLUMNS */
    float *c;
    size_t c_column, c_row, c_image;
    size_t n, rows, columns, channels;
};
void CD_LEVEL_NAME(blocked_multiply)(const struct blocked_product *product);

/* Returns the size in floats of the panels (member b) of a kernel with `taps` taps and `channels`
 * output channels. */
CD_INLINE size_t blocked_panels(size_t taps, size_t channels)
{
    return taps * cd_divide_up(channels, CD_TILE_COLUMNS) * CD_TILE_COLUMNS;
}

#endif

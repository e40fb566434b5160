/* SPDX-License-Identifier: MIT
 *
 * The algorithm "direct": convolutions with few input channels, above all a network's first, whose
 * images have 3. The sums are too short for a matrix product, and the feature map is large, so
 * bias, activation and pooling are applied while its values are in registers. This header declares
 * the parts of the algorithm; docs/internals/kernels.md explains them.
 *
 * Largest error, in units of kernels.h, of the results and of the gradients: 4 times the layer's
 * largest sum of absolute products. A NaN or an infinity in x may reach all four results of its
 * 2 x 2 square of the feature map. */
#ifndef CD_KERNELS_SIMD_DIRECT_H
#define CD_KERNELS_SIMD_DIRECT_H

#include "kernels/conv.h"
#include "kernels/simd/sizes.h"

/* Output channels are computed in blocks of at most DIRECT_VECTORS vectors, and packed data has the
 * same blocks. Once fewer vectors are left, the next block has half as many, down to one. */
#if CD_REGISTERS == 32
enum { DIRECT_VECTORS = 4 };
#else
enum { DIRECT_VECTORS = 2 };
#endif

CD_INLINE size_t direct_block(size_t vectors_left, size_t most)
{
    while (most > vectors_left)
        most /= 2;
    return most;
}

/* Where the results go, and the operations that are fused into the convolution. */
struct direct_output {
    float *y;      /* rows x columns x co */
    uint8_t *kept; /* the winner of each value of y; or NULL */
    size_t columns, co;
    int pooled, relu;
    int careful; /* the values may be NaN or infinite */
};

/* Copies rows first .. first+count-1 of x, counted with the top padding, to rows `stride` floats
 * apart. Each copy begins with the left padding and ends with zeros up to the stride. */
CD_INLINE void direct_padded_rows(const struct cd_conv *conv, const float *x, size_t first,
                                  size_t count, float *rows, size_t stride)
{
    const size_t line = conv->w * conv->ci, left = conv->window.left * conv->ci;
    const size_t n = cd_smaller(line, stride - left);

    for (size_t i = first; i < first + count; i++, rows += stride) {
        const size_t row = i - conv->window.top; /* wraps around above the map */
        memset(rows, 0, stride * sizeof *rows);
        if (row < conv->h)
            memcpy(rows + left, x + row * line, n * sizeof *rows);
    }
}

/* Forward of 3 x 3 kernels with stride 1 and 1 or 3 channels, by F(2 x 2, 3 x 3). */
size_t CD_LEVEL_NAME(direct_square_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_square_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_square_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                          float *prepared);
void CD_LEVEL_NAME(direct_square_forward)(const struct cd_conv_layer *layer, const float *x,
                                          const float *prepared, const float *bias, size_t first,
                                          size_t last, float *y, uint8_t *kept, float *scratch);

/* Forward of other windows and strides, tap by tap. */
size_t CD_LEVEL_NAME(direct_taps_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_taps_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_taps_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                        float *prepared);
void CD_LEVEL_NAME(direct_taps_forward)(const struct cd_conv_layer *layer, const float *x,
                                        const float *prepared, const float *bias, size_t first,
                                        size_t last, float *y, uint8_t *kept, float *scratch);

/* Backward kernel. */
size_t CD_LEVEL_NAME(direct_gradient_scratch)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_gradient)(const struct cd_conv_layer *layer, size_t n, const float *x,
                                    const float *dy, const uint8_t *kept, float *dkernel,
                                    float *dbias, float *scratch);

#endif

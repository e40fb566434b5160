/* SPDX-License-Identifier: MIT
 *
 * Convolutions of few input channels, above all a network's first: the pictures have 3. There is
 * too little to sum for a product of matrices, and the map is large, so all that follows is done
 * while its values are in registers. The parts of the algorithm; docs/internals/kernels.md
 * explains them.
 *
 * Largest error, in kernels.h's units with the layer's largest sum of absolute products: 4, both of
 * the results and of the gradients. A NaN or an infinity in x may reach all four results of its
 * 2 x 2 square of the map. */
#ifndef CD_KERNELS_SIMD_DIRECT_H
#define CD_KERNELS_SIMD_DIRECT_H

#include "kernels/conv.h"
#include "kernels/simd/sizes.h"

/* Vectors of output channels that are computed together. What is packed for them lies in blocks:
 * of DIRECT_VECTORS vectors as long as there are so many, then of half as many, down to one. */
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

/* What happens to a convolution's values on their way out. */
struct direct_output {
    float *y;      /* rows x columns x co, from its row 0 on */
    uint8_t *kept; /* beside y; or NULL */
    size_t columns, co;
    int pooled, relu;
    int careful; /* there may be NaN or infinities */
};

/* Rows first .. first+count-1 of x, counted with the top padding, `stride` floats apart, each with
 * the left padding and zeros up to the stride. */
CD_INLINE void direct_padded_rows(const struct cd_conv *conv, const float *x, size_t first,
                                  size_t count, float *rows, size_t stride)
{
    const size_t line = conv->w * conv->ci, left = conv->window.left * conv->ci;
    const size_t n = cd_smaller(line, stride - left);

    for (size_t i = first; i < first + count; i++, rows += stride) {
        const size_t row = i - conv->window.top; /* huge above the map */
        memset(rows, 0, stride * sizeof *rows);
        if (row < conv->h)
            memcpy(rows + left, x + row * line, n * sizeof *rows);
    }
}

/* 3 x 3 with stride 1, of 1 or 3 channels: each 2 x 2 square of the map by F(2 x 2, 3 x 3). */
size_t CD_LEVEL_NAME(direct_square_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_square_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_square_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                          float *prepared);
void CD_LEVEL_NAME(direct_square_forward)(const struct cd_conv_layer *layer, const float *x,
                                          const float *prepared, const float *bias, size_t first,
                                          size_t last, float *y, uint8_t *kept, float *scratch);

/* Any window and stride: tap by tap. */
size_t CD_LEVEL_NAME(direct_taps_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_taps_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_taps_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                        float *prepared);
void CD_LEVEL_NAME(direct_taps_forward)(const struct cd_conv_layer *layer, const float *x,
                                        const float *prepared, const float *bias, size_t first,
                                        size_t last, float *y, uint8_t *kept, float *scratch);

/* The gradient by the kernel. */
size_t CD_LEVEL_NAME(direct_gradient_scratch)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_gradient)(const struct cd_conv_layer *layer, size_t n, const float *x,
                                    const float *dy, const uint8_t *kept, float *dkernel,
                                    float *dbias, float *scratch);


#endif

/* SPDX-License-Identifier: MIT
 *
 * The algorithm "direct": convolutions with few input channels, such as the first layer of a
 * network, whose images have 3 channels. The sums are too short for an efficient matrix product,
 * and the feature map is large. Bias, activation and pooling are therefore applied while the
 * outputs are in registers. This header declares the parts of the algorithm;
 * docs/internals/kernels.md explains them.
 *
 * Errors of the outputs and the gradients: at most 4 epsilon times the largest sum of absolute
 * products of the layer (kernels.h). A NaN or an infinity in x may reach all four outputs of a 2 x
 * 2 square of the convolution if it reaches one of them. */
#ifndef CD_KERNELS_SIMD_DIRECT_H
#define CD_KERNELS_SIMD_DIRECT_H

#include "kernels/conv.h"
#include "kernels/simd/sizes.h"

/* Output channels are computed in blocks of at most DIRECT_VECTORS vectors, and packed kernels have
 * the same blocks. If fewer vectors are left, the next block has half as many, down to one. */
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

/* The destination of the outputs, and the operations that are fused into the convolution. */
struct direct_output {
    float *y;      /* rows x columns x co */
    uint8_t *kept; /* winner of each pooling window, or NULL if it is not needed */
    size_t columns, co;
    int pooled, relu;
    int careful; /* 1 if outputs may be NaN or infinite */
};

/* Copies rows first .. first+count-1 of the padded x to `rows`. The copies are `stride` floats
 * apart. Each begins with the left padding and is filled with zeros up to the stride. */
CD_INLINE void direct_padded_rows(const struct cd_conv *conv, const float *x, size_t first,
                                  size_t count, float *rows, size_t stride)
{
    const size_t line = conv->w * conv->ci, left = conv->window.left * conv->ci;
    const size_t n = cd_smaller(line, stride - left);

    for (size_t i = first; i < first + count; i++, rows += stride) {
        const size_t row = i - conv->window.top; /* huge (wrapped around) in the top padding */
        memset(rows, 0, stride * sizeof *rows);
        if (row < conv->h)
            memcpy(rows + left, x + row * line, n * sizeof *rows);
    }
}

/* Implement the forward pass of 3 x 3 kernels with stride 1 and 1 or 3 input channels, by
 * Winograd's F(2 x 2, 3 x 3) (direct_square.c). */
size_t CD_LEVEL_NAME(direct_square_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_square_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_square_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                          float *prepared);
void CD_LEVEL_NAME(direct_square_forward)(const struct cd_conv_layer *layer, const float *x,
                                          const float *prepared, const float *bias, size_t first,
                                          size_t last, float *y, uint8_t *kept, float *scratch);

/* Implement the forward pass of other windows and strides, tap by tap (direct_taps.c). */
size_t CD_LEVEL_NAME(direct_taps_scratch)(const struct cd_conv_layer *layer);
size_t CD_LEVEL_NAME(direct_taps_prepared)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_taps_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                        float *prepared);
void CD_LEVEL_NAME(direct_taps_forward)(const struct cd_conv_layer *layer, const float *x,
                                        const float *prepared, const float *bias, size_t first,
                                        size_t last, float *y, uint8_t *kept, float *scratch);

/* Implement backward kernel (direct_gradient.c). */
size_t CD_LEVEL_NAME(direct_gradient_scratch)(const struct cd_conv_layer *layer);
void CD_LEVEL_NAME(direct_gradient)(const struct cd_conv_layer *layer, size_t n, const float *x,
                                    const float *dy, const uint8_t *kept, float *dkernel,
                                    float *dbias, float *scratch);

#endif

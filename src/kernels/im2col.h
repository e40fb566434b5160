/* SPDX-License-Identifier: MIT
 *
 * Convolution as matrix products (Chellapilla, Puri and Simard, "High performance convolutional
 * neural networks for document processing", 2006): the patches under the window become the rows of
 * a matrix. A few output rows at a time, so that the patches stay in the cache. */
#ifndef CD_KERNELS_IM2COL_H
#define CD_KERNELS_IM2COL_H

#include "kernels/kernels.h"

cd_conv_scratch_fn cd_im2col_conv_scratch;

/* As the kernels in kernels.h, with the matrix product and the activations of a table. */
void cd_im2col_forward(const struct cd_kernels *kernels, const struct cd_conv *conv,
                       struct cd_activation activation, const float *x, const float *kernel,
                       const float *bias, size_t first, size_t last, float *y, float *scratch);
void cd_im2col_backward_data(const struct cd_kernels *kernels, const struct cd_conv *conv,
                             const float *dy, const float *kernel, float *dx, float *scratch);
void cd_im2col_backward_kernel(const struct cd_kernels *kernels, const struct cd_conv *conv,
                               const float *x, const float *dy, float *dkernel, float *dbias,
                               float *scratch);

/* Defines static kernels that do so with the given table, and its entries for them. */
#define CD_IM2COL_DEFINE(table)                                                                    \
    static void im2col_forward(const struct cd_conv *conv, struct cd_activation activation,        \
                               const float *x, const float *kernel, const float *bias,             \
                               size_t first, size_t last, float *y, float *scratch)                \
    {                                                                                              \
        cd_im2col_forward(&table, conv, activation, x, kernel, bias, first, last, y, scratch);     \
    }                                                                                              \
    static void im2col_backward_data(const struct cd_conv *conv, const float *dy,                  \
                                     const float *kernel, float *dx, float *scratch)               \
    {                                                                                              \
        cd_im2col_backward_data(&table, conv, dy, kernel, dx, scratch);                            \
    }                                                                                              \
    static void im2col_backward_kernel(const struct cd_conv *conv, const float *x,                 \
                                       const float *dy, float *dkernel, float *dbias,              \
                                       float *scratch)                                             \
    {                                                                                              \
        cd_im2col_backward_kernel(&table, conv, x, dy, dkernel, dbias, scratch);                   \
    }

#define CD_IM2COL_ENTRIES                        \
    .conv_scratch = cd_im2col_conv_scratch,      \
    .conv_forward = im2col_forward,              \
    .conv_backward_data = im2col_backward_data,  \
    .conv_backward_kernel = im2col_backward_kernel

#endif

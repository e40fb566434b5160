/* SPDX-License-Identifier: MIT
 *
 * Convolution by im2col and a matrix product (Chellapilla, Puri and Simard, "High performance
 * convolutional neural networks for document processing", 2006). A patch is the part of x inside
 * the window at one output position. The patches become the rows of a matrix, which is multiplied
 * by the kernel. Only the patches of a few output rows exist at a time, so that they stay in the
 * cache. */
#ifndef CD_KERNELS_IM2COL_H
#define CD_KERNELS_IM2COL_H

#include "kernels/kernels.h"

cd_conv_scratch_fn cd_im2col_conv_scratch;

/* Compute the convolution kernels that kernels.h specifies. They call gemm and the activations of
 * the table `kernels`. */
void cd_im2col_forward(const struct cd_kernels *kernels, const struct cd_conv *conv,
                       struct cd_activation activation, const float *x, const float *kernel,
                       const float *bias, size_t first, size_t last, float *y, float *scratch);
void cd_im2col_backward_data(const struct cd_kernels *kernels, const struct cd_conv *conv,
                             const float *dy, const float *kernel, float *dx, float *scratch);
void cd_im2col_backward_kernel(const struct cd_kernels *kernels, const struct cd_conv *conv,
                               const float *x, const float *dy, float *dkernel, float *dbias,
                               float *scratch);

/* Defines static functions im2col_NAME, one for each convolution kernel, that call the functions
 * above with the given table. */
#define CD_IM2COL_DEFINE(table)                                                                    \
    static size_t im2col_conv_scratch(const struct cd_conv *conv)                                  \
    {                                                                                              \
        return cd_im2col_conv_scratch(conv);                                                       \
    }                                                                                              \
    static void im2col_conv_forward(const struct cd_conv *conv, struct cd_activation activation,   \
                                    const float *x, const float *kernel, const float *bias,        \
                                    size_t first, size_t last, float *y, float *scratch)           \
    {                                                                                              \
        cd_im2col_forward(&table, conv, activation, x, kernel, bias, first, last, y, scratch);     \
    }                                                                                              \
    static void im2col_conv_backward_data(const struct cd_conv *conv, const float *dy,             \
                                          const float *kernel, float *dx, float *scratch)          \
    {                                                                                              \
        cd_im2col_backward_data(&table, conv, dy, kernel, dx, scratch);                            \
    }                                                                                              \
    static void im2col_conv_backward_kernel(const struct cd_conv *conv, const float *x,            \
                                            const float *dy, float *dkernel, float *dbias,         \
                                            float *scratch)                                        \
    {                                                                                              \
        cd_im2col_backward_kernel(&table, conv, x, dy, dkernel, dbias, scratch);                   \
    }

#endif

/* SPDX-License-Identifier: MIT */
#include "kernels/kernels.h"

#include <string.h>

#include "kernels/blas.h"
#include "kernels/im2col.h"
#include "kernels/reference.h"

static void nothing(void)
{
}

/* What every table has until it has better. */
#define REFERENCE                                          \
    .gemm = cd_ref_gemm,                                   \
    .conv_scratch = cd_ref_conv_scratch,                   \
    .conv_forward = cd_ref_conv_forward,                   \
    .conv_backward_data = cd_ref_conv_backward_data,       \
    .conv_backward_kernel = cd_ref_conv_backward_kernel,   \
    REFERENCE_ELEMENTWISE,                                 \
    .enter = nothing, .leave = nothing

#define REFERENCE_ELEMENTWISE                              \
    .max_pool_forward = cd_ref_max_pool_forward,           \
    .max_pool_backward = cd_ref_max_pool_backward,         \
    .average_pool_forward = cd_ref_average_pool_forward,   \
    .average_pool_backward = cd_ref_average_pool_backward, \
    .activation_forward = cd_ref_activation_forward,       \
    .activation_backward = cd_ref_activation_backward,     \
    .column_sums = cd_ref_column_sums,                     \
    .column_dots = cd_ref_column_dots,                     \
    .scale_shift = cd_ref_scale_shift,                     \
    .batch_norm_backward = cd_ref_batch_norm_backward,     \
    .add = cd_ref_add,                                     \
    .dropout = cd_ref_dropout,                             \
    .adam = cd_ref_adam,                                   \
    .sgd = cd_ref_sgd

/* The best first. */
static const struct cd_kernels tables[] = {
    {
        .name = "blas",
        .gemm = cd_blas_gemm,
        .conv_scratch = cd_im2col_conv_scratch,
        .conv_forward = cd_im2col_conv_forward,
        .conv_backward_data = cd_im2col_conv_backward_data,
        .conv_backward_kernel = cd_im2col_conv_backward_kernel,
        REFERENCE_ELEMENTWISE,
        .enter = cd_blas_enter,
        .leave = cd_blas_leave,
    },
    {.name = "reference", REFERENCE},
};

const struct cd_kernels *cd_kernels_find(const char *name)
{
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (!name || strcmp(name, tables[i].name) == 0)
            return &tables[i];
    return NULL;
}

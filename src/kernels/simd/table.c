/* SPDX-License-Identifier: MIT */
#include "kernels/im2col.h"
#include "kernels/reference.h"
#include "kernels/simd/simd.h"

#if defined __AVX512F__
#define NAME "avx512"
#elif defined __AVX2__
#define NAME "avx2"
#elif defined __SSE2__
#define NAME "sse2"
#elif defined __aarch64__
#define NAME "neon"
#else
#define NAME "generic"
#endif

/* The best first where the costs are equal. */
static const struct cd_conv_algorithm *const conv_algorithms[] = {
    &CD_LEVEL_NAME(direct),
    &CD_LEVEL_NAME(winograd),
    &CD_LEVEL_NAME(blocked),
    NULL,
};

CD_IM2COL_DEFINE(CD_LEVEL_NAME(kernels))

const struct cd_kernels CD_LEVEL_NAME(kernels) = {
    .name = NAME,
    .gemm = CD_LEVEL_NAME(gemm),
    .dense_prepared = CD_LEVEL_NAME(dense_prepared),
    .dense_prepare = CD_LEVEL_NAME(dense_prepare),
    .dense_backward = CD_LEVEL_NAME(dense_backward),
    CD_IM2COL_ENTRIES,
    .conv_algorithms = conv_algorithms,
    .max_pool_forward = CD_LEVEL_NAME(max_pool_forward),
    .max_pool_backward = CD_LEVEL_NAME(max_pool_backward),
    .average_pool_forward = CD_LEVEL_NAME(average_pool_forward),
    .average_pool_backward = CD_LEVEL_NAME(average_pool_backward),
    .activation_forward = CD_LEVEL_NAME(activation_forward),
    .activation_backward = CD_LEVEL_NAME(activation_backward),
    .batch_norm_sums = CD_LEVEL_NAME(batch_norm_sums),
    .batch_norm_forward = CD_LEVEL_NAME(batch_norm_forward),
    .batch_norm_backward_sums = CD_LEVEL_NAME(batch_norm_backward_sums),
    .batch_norm_backward = CD_LEVEL_NAME(batch_norm_backward),
    .add = CD_LEVEL_NAME(add),
    .add_activated = CD_LEVEL_NAME(add_activated),
    .dropout = CD_LEVEL_NAME(dropout),
    .adam = CD_LEVEL_NAME(adam),
    .sgd = CD_LEVEL_NAME(sgd),
    .multiply_adds = CD_LEVEL_NAME(multiply_adds),
    .read = CD_LEVEL_NAME(read),
    .enter = cd_ref_nothing,
    .leave = cd_ref_nothing,
};

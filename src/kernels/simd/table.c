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

#define ALGORITHM(name) &CD_LEVEL_NAME(name),

static const struct cd_conv_algorithm *const conv_algorithms[] = {
    CD_CONV_ALGORITHM_LIST(ALGORITHM)
    NULL,
};

CD_IM2COL_DEFINE(CD_LEVEL_NAME(kernels))

#define VECTOR(kernel) CD_LEVEL_NAME(kernel)
#define PLAIN(kernel)  CD_LEVEL_NAME(kernel)
#define IM2COL(kernel) im2col_##kernel
#define ENTRY(group, kernel, level, blas) .kernel = level(kernel),
#define PEAK(kernel) .kernel = CD_LEVEL_NAME(kernel),

const struct cd_kernels CD_LEVEL_NAME(kernels) = {
    .name = NAME,
    CD_KERNEL_LIST(ENTRY)
    CD_PEAK_LIST(PEAK)
    .conv_algorithms = conv_algorithms,
    .enter = cd_ref_nothing,
    .leave = cd_ref_nothing,
};

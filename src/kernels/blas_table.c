/* SPDX-License-Identifier: MIT */
#include "kernels/blas.h"
#include "kernels/im2col.h"
#include "kernels/reference.h"

CD_IM2COL_DEFINE(cd_blas_kernels)

#define BLAS(kernel)      cd_blas_##kernel
#define IM2COL(kernel)    im2col_##kernel
#define REFERENCE(kernel) cd_ref_##kernel
#define ENTRY(group, kernel, level, blas) .kernel = blas(kernel),

const struct cd_kernels cd_blas_kernels = {
    .name = "blas",
    CD_KERNEL_LIST(ENTRY)
    .conv_algorithms = cd_ref_no_algorithms,
    .enter = cd_blas_enter,
    .leave = cd_blas_leave,
};

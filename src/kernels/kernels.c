/* SPDX-License-Identifier: MIT */
#include "kernels/kernels.h"

#include <string.h>

#include "kernels/blas.h"
#include "kernels/conv.h"
#include "kernels/im2col.h"
#include "kernels/reference.h"

static const struct cd_conv_algorithm *const no_algorithms[] = {NULL};

void cd_ref_nothing(void)
{
}

static const struct cd_kernels reference = {
    .name = "reference",
    .gemm = cd_ref_gemm,
    .dense_prepared = cd_ref_dense_prepared,
    .dense_prepare = cd_ref_dense_prepare,
    .dense_backward = cd_ref_dense_backward,
    .conv_scratch = cd_ref_conv_scratch,
    .conv_forward = cd_ref_conv_forward,
    .conv_backward_data = cd_ref_conv_backward_data,
    .conv_backward_kernel = cd_ref_conv_backward_kernel,
    .conv_algorithms = no_algorithms,
    CD_REFERENCE_ELEMENTWISE,
    .enter = cd_ref_nothing,
    .leave = cd_ref_nothing,
};

static const struct cd_kernels blas;
CD_IM2COL_DEFINE(blas)

static const struct cd_kernels blas = {
    .name = "blas",
    .gemm = cd_blas_gemm,
    .dense_prepared = cd_ref_dense_prepared,
    .dense_prepare = cd_ref_dense_prepare,
    .dense_backward = cd_blas_dense_backward,
    CD_IM2COL_ENTRIES,
    .conv_algorithms = no_algorithms,
    CD_REFERENCE_ELEMENTWISE,
    .enter = cd_blas_enter,
    .leave = cd_blas_leave,
};

/* ---- levels ---- */

/* Each level's table lies in simd/table.c. The compiler's run-time library asks the CPU, and
 * whether the operating system saves the registers. */
extern const struct cd_kernels cd_baseline_kernels;

static int always(void)
{
    return 1;
}

#ifdef CD_HAS_avx2
extern const struct cd_kernels cd_avx2_kernels;

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

#ifdef CD_HAS_avx512
extern const struct cd_kernels cd_avx512_kernels;

static int has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

/* The best first. */
static const struct {
    const struct cd_kernels *kernels;
    int (*runs_here)(void);
} tables[] = {
#ifdef CD_HAS_avx512
    {&cd_avx512_kernels, has_avx512},
#endif
#ifdef CD_HAS_avx2
    {&cd_avx2_kernels, has_avx2},
#endif
    {&cd_baseline_kernels, always},
    {&blas, cd_blas_runs_here},
    {&reference, always},
};

size_t cd_kernels_count(void)
{
    return sizeof tables / sizeof *tables;
}

const struct cd_kernels *cd_kernels_at(size_t index)
{
    return tables[index].kernels;
}

int cd_kernels_run_here(size_t index)
{
    return tables[index].runs_here();
}

const struct cd_kernels *cd_kernels_find(const char *name)
{
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if ((!name || strcmp(name, tables[i].kernels->name) == 0) && cd_kernels_run_here(i))
            return tables[i].kernels;
    return NULL;
}

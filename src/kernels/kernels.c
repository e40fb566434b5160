/* SPDX-License-Identifier: MIT */
#include "kernels/kernels.h"

#include <string.h>

#include "kernels/blas.h"
#include "kernels/reference.h"

/* The tables of the levels, each compiled from simd/table.c. */
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

/* All tables, the fastest first. __builtin_cpu_supports() also checks that the operating system
 * saves the registers. */
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
    {&cd_blas_kernels, cd_blas_runs_here},
    {&cd_ref_kernels, always},
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

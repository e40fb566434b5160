/* SPDX-License-Identifier: MIT */
#include "support/kernel_tables.h"

int kernel_table_count(void)
{
    int n = 0;
    for (size_t i = 0; i < cd_kernels_count(); i++)
        n += cd_kernels_run_here(i);
    return n;
}

const struct cd_kernels *kernel_table(int i)
{
    size_t at = 0;
    while (!cd_kernels_run_here(at) || i-- > 0)
        at++;
    return cd_kernels_at(at);
}

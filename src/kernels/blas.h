/* SPDX-License-Identifier: MIT
 *
 * Matrix products by OpenBLAS. Only src/kernels uses OpenBLAS. */
#ifndef CD_KERNELS_BLAS_H
#define CD_KERNELS_BLAS_H

#include "kernels/kernels.h"

/* Returns whether OpenBLAS is available. If it is not, no other function of this header may be
 * called. The first call loads OpenBLAS. */
int cd_blas_runs_here(void);

cd_gemm_fn cd_blas_gemm;
cd_dense_backward_fn cd_blas_dense_backward;

/* OpenBLAS (0.3.21 in Debian 12) has one thread count for the whole process, and its results may
 * depend on it. Between enter and leave the count is 1, because our own threads call OpenBLAS, each
 * for a work item whose size depends on shapes only. The first enter remembers the program's
 * count. The last leave restores it unless the program has set another one in between. See
 * docs/internals/determinism.md. */
void cd_blas_enter(void);
void cd_blas_leave(void);

/* The table "blas": OpenBLAS' matrix product, the reference for everything else (blas_table.c). */
extern const struct cd_kernels cd_blas_kernels;

#endif

/* SPDX-License-Identifier: MIT
 *
 * Matrix products by OpenBLAS. No other directory of src/ calls OpenBLAS. */
#ifndef CD_KERNELS_BLAS_H
#define CD_KERNELS_BLAS_H

#include "kernels/kernels.h"

/* Returns 1 if OpenBLAS is available, else 0. The first call loads OpenBLAS. Call the other
 * functions of this header only if OpenBLAS is available. */
int cd_blas_runs_here(void);

cd_gemm_fn cd_blas_gemm;
cd_dense_backward_fn cd_blas_dense_backward;

/* Set the thread count of OpenBLAS to 1 (enter) and restore it (leave). Calls may nest, and any
 * thread may make them.
 *
 * OpenBLAS (0.3.21 in Debian 12) has one thread count for the whole process, and its results may
 * depend on it. The library divides the work among its own threads instead, into work items whose
 * sizes depend on shapes only. The first enter saves the count of the program. The last leave
 * restores it, unless the program has set another count in between. See
 * docs/internals/determinism.md. */
void cd_blas_enter(void);
void cd_blas_leave(void);

/* The table "blas" (blas_table.c): matrix products by OpenBLAS, all other kernels from the
 * reference. */
extern const struct cd_kernels cd_blas_kernels;

#endif

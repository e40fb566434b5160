/* SPDX-License-Identifier: MIT
 *
 * Matrix products by OpenBLAS: the only room that knows it. */
#ifndef CD_KERNELS_BLAS_H
#define CD_KERNELS_BLAS_H

#include "kernels/kernels.h"

/* 0: there is no OpenBLAS, and nothing below may be called. The first call loads it. */
int cd_blas_runs_here(void);

cd_gemm_fn cd_blas_gemm;
cd_dense_backward_fn cd_blas_dense_backward;

/* OpenBLAS (0.3.21 in Debian 12) has one thread count for the whole process, and its results may
 * depend on it. Between enter and leave it is 1: our own threads call OpenBLAS, each for a piece of
 * work that is cut by shapes alone. The first to enter remembers what the program had set, the last
 * to leave restores it, unless the program has meanwhile set something else. docs/determinism.md */
void cd_blas_enter(void);
void cd_blas_leave(void);

#endif

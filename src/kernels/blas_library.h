/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS, loaded when the kernels that use it are first asked for: to load it takes longer than
 * to load all else that a program with this library needs, and the best kernels do without. */
#ifndef CD_KERNELS_BLAS_LIBRARY_H
#define CD_KERNELS_BLAS_LIBRARY_H

#include <cblas.h>

struct cd_blas_library {
    __typeof__(&cblas_sgemm) sgemm;
    __typeof__(&cblas_sgemv) sgemv;
    __typeof__(&openblas_get_num_threads) get_threads;
    __typeof__(&openblas_set_num_threads) set_threads;
};

/* The process's own OpenBLAS if it has one, else the system's, which then stays. NULL if there is
 * none, or in a program that is linked without dynamic libraries altogether. Any thread. */
const struct cd_blas_library *cd_blas_library(void);

#endif

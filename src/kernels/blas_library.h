/* SPDX-License-Identifier: MIT
 *
 * Loads OpenBLAS at its first use instead of at program start. Loading it takes longer than loading
 * all other libraries that this library needs, and the fastest kernels do not use it. */
#ifndef CD_KERNELS_BLAS_LIBRARY_H
#define CD_KERNELS_BLAS_LIBRARY_H

#include <cblas.h>

struct cd_blas_library {
    __typeof__(&cblas_sgemm) sgemm;
    __typeof__(&cblas_sgemv) sgemv;
    __typeof__(&openblas_get_num_threads) get_threads;
    __typeof__(&openblas_set_num_threads) set_threads;
};

/* Returns the functions of OpenBLAS. Loads the library unless the process has loaded it already; it
 * then stays loaded. Returns NULL if OpenBLAS is not installed or the program is statically linked.
 * Any thread may call it. */
const struct cd_blas_library *cd_blas_library(void);

#endif

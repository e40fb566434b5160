/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS, loaded at its first use. Loading it takes longer than loading everything else that a
 * program with this library needs, and the best kernels do without it. */
#ifndef CD_KERNELS_BLAS_LIBRARY_H
#define CD_KERNELS_BLAS_LIBRARY_H

#include <cblas.h>

struct cd_blas_library {
    __typeof__(&cblas_sgemm) sgemm;
    __typeof__(&cblas_sgemv) sgemv;
    __typeof__(&openblas_get_num_threads) get_threads;
    __typeof__(&openblas_set_num_threads) set_threads;
};

/* Returns the OpenBLAS that the process has loaded, or loads the system's, which then stays loaded.
 * Returns NULL if there is none, or in a statically linked program. Any thread may call it. */
const struct cd_blas_library *cd_blas_library(void);

#endif

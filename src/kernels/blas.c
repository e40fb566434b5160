/* SPDX-License-Identifier: MIT */
#include "kernels/blas.h"

#include <cblas.h>
#include <pthread.h>

/* Process-wide because what they guard, OpenBLAS' thread count, is. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t inside;       /* calls of enter without their leave */
static int threads_outside; /* OpenBLAS' thread count before the first enter */

void cd_blas_enter(void)
{
    pthread_mutex_lock(&lock);
    if (inside++ == 0) {
        threads_outside = openblas_get_num_threads();
        if (threads_outside != 1)
            openblas_set_num_threads(1);
    }
    pthread_mutex_unlock(&lock);
}

void cd_blas_leave(void)
{
    pthread_mutex_lock(&lock);
    if (--inside == 0 && threads_outside != 1 && openblas_get_num_threads() == 1)
        openblas_set_num_threads(threads_outside);
    pthread_mutex_unlock(&lock);
}

void cd_blas_gemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, const float *a,
                  size_t lda, const float *b, size_t ldb, int accumulate, float *c, size_t ldc)
{
    const float beta = accumulate ? 1.0f : 0.0f;

    if (m == 0 || n == 0)
        return;
    if (m == 1 && !transpose_a) /* one row: sgemm would copy all of B to read it once */
        cblas_sgemv(CblasRowMajor, transpose_b ? CblasNoTrans : CblasTrans,
                    (blasint)(transpose_b ? n : k), (blasint)(transpose_b ? k : n), 1.0f, b,
                    (blasint)ldb, a, 1, beta, c, 1);
    else
        cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                    transpose_b ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k,
                    1.0f, a, (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

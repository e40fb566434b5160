/* SPDX-License-Identifier: MIT */
#include "kernels/blas.h"

#include <unistd.h>

#include "core/process_lock.h"
#include "kernels/blas_library.h"
#include "kernels/reference.h"

int cd_blas_runs_here(void)
{
    return cd_blas_library() != NULL;
}

/* OpenBLAS has one thread count for the whole process, so these variables are process-wide. lock
 * protects the others and is never held during a matrix product. */
static struct cd_process_lock lock;
static long process;                /* the process that `inside` and `threads_outside` describe */
/* calls of cd_blas_enter() without a matching cd_blas_leave() */
static size_t inside;
static int threads_outside;         /* thread count of OpenBLAS before the first cd_blas_enter() */

/* Resets the counts in a forked child, which has none of the parent's other threads, and restores
 * the thread count of the program. */
static void forget_parent(const struct cd_blas_library *blas, long self)
{
    if (process != self && inside > 0) {
        inside = 0;
        if (blas->get_threads() != threads_outside)
            blas->set_threads(threads_outside);
    }
    process = self;
}

void cd_blas_enter(void)
{
    const struct cd_blas_library *blas = cd_blas_library();
    const long self = (long)getpid();

    cd_process_lock_take(&lock);
    forget_parent(blas, self);
    if (inside++ == 0) {
        threads_outside = blas->get_threads();
        if (threads_outside != 1)
            blas->set_threads(1);
    }
    cd_process_lock_give(&lock);
}

void cd_blas_leave(void)
{
    const struct cd_blas_library *blas = cd_blas_library();

    cd_process_lock_take(&lock);
    if (--inside == 0 && threads_outside != 1 && blas->get_threads() == 1)
        blas->set_threads(threads_outside);
    cd_process_lock_give(&lock);
}

void cd_blas_gemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, const float *a,
                  size_t lda, const float *b, size_t ldb, int accumulate, float *c, size_t ldc)
{
    const struct cd_blas_library *blas = cd_blas_library();
    const float beta = accumulate ? 1.0f : 0.0f;

    if (m == 0 || n == 0)
        return;
    /* for a single row, sgemm would pack all of B only to read it once */
    if (m == 1 && !transpose_a)
        blas->sgemv(CblasRowMajor, transpose_b ? CblasNoTrans : CblasTrans,
                    (blasint)(transpose_b ? n : k), (blasint)(transpose_b ? k : n), 1.0f, b,
                    (blasint)ldb, a, 1, beta, c, 1);
    else
        blas->sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                    transpose_b ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k,
                    1.0f, a, (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

/* Updates rows first .. last-1 of w by Adam. The gradient is computed block by block on the stack
 * and never stored as a whole. */
static void update_rows(const struct cd_dense_backward *layer, size_t first, size_t last)
{
    enum { ROWS = 32, COLUMNS = 512 };
    const size_t units = layer->units;
    float dw[ROWS * COLUMNS];

    for (size_t r = first; r < last; r += ROWS)
        for (size_t j = 0; j < units; j += COLUMNS) {
            const size_t rows = last - r < ROWS ? last - r : ROWS;
            const size_t columns = units - j < COLUMNS ? units - j : COLUMNS;
            cd_blas_gemm(1, 0, rows, columns, layer->n, layer->x + r, layer->inputs, layer->dy + j,
                         units, 0, dw, COLUMNS);
            for (size_t i = 0; i < rows; i++) {
                const size_t at = (r + i) * units + j;
                cd_ref_adam(layer->adam, columns, dw + i * COLUMNS, layer->w + at, layer->m + at,
                            layer->v + at);
            }
        }
}

void cd_blas_dense_backward(const struct cd_dense_backward *layer, size_t first, size_t last)
{
    const size_t inputs = layer->inputs, units = layer->units, rows = last - first;

    if (layer->dx)
        cd_blas_gemm(0, 1, layer->n, rows, units, layer->dy, units, layer->w + first * units, units,
                     0, layer->dx + first, inputs);
    if (layer->adam)
        update_rows(layer, first, last);
    else
        cd_blas_gemm(1, 0, rows, units, layer->n, layer->x + first, inputs, layer->dy, units, 0,
                     layer->dw + first * units, units);
}

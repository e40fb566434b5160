/* SPDX-License-Identifier: MIT */
#include "kernels/reference.h"

/* Computes c[i][j] = sum over p of op(a)[i][p] * op(b)[p][j], in ascending order of p. */
void cd_ref_gemm(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, const float *a,
                 size_t lda, const float *b, size_t ldb, int accumulate, float *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++) {
        float *row = c + i * ldc;
        if (!accumulate)
            for (size_t j = 0; j < n; j++)
                row[j] = 0.0f;
        for (size_t p = 0; p < k; p++) {
            const float factor = transpose_a ? a[p * lda + i] : a[i * lda + p];
            if (transpose_b)
                for (size_t j = 0; j < n; j++)
                    row[j] += factor * b[j * ldb + p];
            else
                for (size_t j = 0; j < n; j++)
                    row[j] += factor * b[p * ldb + j];
        }
    }
}

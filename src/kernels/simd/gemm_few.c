/* SPDX-License-Identifier: MIT
 *
 * Matrix products with few rows: C (m x n) = A B with m <= CD_GEMM_FEW. Each element of B is used
 * only m times, so reading B from memory limits the speed. Therefore B is read in order, a few rows
 * at a time, and its products are added to sums in the first-level cache. The order of the products
 * in a sum is as in gemm.c, so the bits are the same. */
#include "kernels/simd/gemm.h"

enum {
    COLUMNS = 1024, /* columns whose sums are in the cache */
    STEPS = 4,      /* rows of B that are read at a time */
    AHEAD = 4096    /* distance of the prefetched float from the current one */
};

/* Adds `steps` rows of B: sums[i][j] += sum over p < steps of a[i][p] b[p][j], in ascending order
 * of p. `rows` and `steps` must be constants. */
CD_INLINE void add_rows(size_t rows, size_t steps, const float *a, size_t a_row, size_t a_step,
                        const float *b, size_t ldb, size_t columns, float sums[][COLUMNS])
{
    for (size_t j = 0; j < columns; j += CD_LANES) {
        const size_t rest = columns - j;
        cd_vf factors[STEPS];
        for (size_t p = 0; p < steps; p++) {
            factors[p] = rest >= CD_LANES ? cd_vf_load(b + p * ldb + j)
                                          : cd_vf_load_n(b + p * ldb + j, rest);
            cd_prefetch(b + p * ldb + j + AHEAD);
        }
        for (size_t i = 0; i < rows; i++) {
            cd_vf sum = cd_vf_load(sums[i] + j);
            for (size_t p = 0; p < steps; p++)
                sum = cd_vf_fma(cd_vf_all(a[i * a_row + p * a_step]), factors[p], sum);
            cd_vf_store(sums[i] + j, sum);
        }
    }
}

CD_INLINE void add_block(size_t rows, size_t depth, const float *a, size_t a_row, size_t a_step,
                         const float *b, size_t ldb, size_t columns, float sums[][COLUMNS])
{
    size_t p = 0;

    for (; p + STEPS <= depth; p += STEPS)
        add_rows(rows, STEPS, a + p * a_step, a_row, a_step, b + p * ldb, ldb, columns, sums);
    for (; p < depth; p++)
        add_rows(rows, 1, a + p * a_step, a_row, a_step, b + p * ldb, ldb, columns, sums);
}

static void store(size_t rows, size_t columns, float sums[][COLUMNS], int add, float *c, size_t ldc)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j += CD_LANES)
            cd_tile_store(c + i * ldc + j, columns - j, add, cd_vf_load(sums[i] + j));
}

void CD_LEVEL_NAME(gemm_few)(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                             size_t a_step, const float *b, size_t ldb, int accumulate, float *c,
                             size_t ldc)
{
    const size_t depth = cd_gemm_depth(n);
    float sums[CD_GEMM_FEW][COLUMNS];

    for (size_t p = 0; p < k; p += depth)
        for (size_t j = 0; j < n; j += COLUMNS) {
            const size_t columns = cd_smaller(n - j, COLUMNS), steps = cd_smaller(k - p, depth);
            const float *from = a + p * a_step, *rows = b + p * ldb + j;
            memset(sums, 0, sizeof sums);
            switch (m) {
            case 1:
                add_block(1, steps, from, a_row, a_step, rows, ldb, columns, sums);
                break;
            case 2:
                add_block(2, steps, from, a_row, a_step, rows, ldb, columns, sums);
                break;
            case 3:
                add_block(3, steps, from, a_row, a_step, rows, ldb, columns, sums);
                break;
            default:
                add_block(4, steps, from, a_row, a_step, rows, ldb, columns, sums);
                break;
            }
            store(m, columns, sums, accumulate || p > 0, c + j, ldc);
        }
}

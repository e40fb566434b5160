/* SPDX-License-Identifier: MIT
 *
 * Parts of the matrix product C = A B (gemm.c) that dense layers and the algorithm "blocked" also
 * use. */
#ifndef CD_KERNELS_SIMD_GEMM_H
#define CD_KERNELS_SIMD_GEMM_H

#include "kernels/simd/simd.h"
#include "kernels/simd/sizes.h"
#include "kernels/simd/tile.h"

enum { CD_GEMM_DEPTH = 256 }; /* largest depth of a block; a panel of 32 columns then has 32 KiB */

/* Returns the depth of a block of B in a product with n columns. The sum of each element of C
 * consists of one chunk for each block. */
CD_INLINE size_t cd_gemm_depth(size_t n)
{
    enum { BLOCK_FLOATS = 65536 }; /* intended size of a block of B, in floats */
    const size_t depth = BLOCK_FLOATS / n / 64 * 64;
    return depth < 64 ? 64 : depth < CD_GEMM_DEPTH ? depth : CD_GEMM_DEPTH;
}

/* Pack a panel of B: panel[p][j] = b[p * ldb + j] (gemm_pack_rows) or b[j * ldb + p]
 * (gemm_pack_columns), for p < depth and j < columns. columns is at most CD_TILE_COLUMNS; the
 * remaining columns of the panel are set to 0. */
void CD_LEVEL_NAME(gemm_pack_rows)(const float *b, size_t ldb, size_t depth, size_t columns,
                                   float *panel);
void CD_LEVEL_NAME(gemm_pack_columns)(const float *b, size_t ldb, size_t depth, size_t columns,
                                      float *panel);

/* A product of A with one panel, computed tile by tile: c = A * panel + (add ? c : 0). c is rows x
 * columns; its rows are ldc floats apart. Each tile prefetches ahead_each bytes. */
struct cd_panel_product {
    struct cd_tile tile; /* ahead_step is ignored */
    size_t rows, columns, depth;
    int add;
    float *c;
    size_t ldc;
    size_t ahead_each;
};
void CD_LEVEL_NAME(gemm_panel)(const struct cd_panel_product *product);

/* Computes a matrix product with m <= CD_GEMM_FEW (gemm_few.c). Element (i, p) of A is a[i * a_row
 * + p * a_step]. */
enum { CD_GEMM_FEW = 4 };
void CD_LEVEL_NAME(gemm_few)(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                             size_t a_step, const float *b, size_t ldb, int accumulate, float *c,
                             size_t ldc);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The parts of the matrix product that dense layers and the algorithm "blocked" use too. */
#ifndef CD_KERNELS_SIMD_GEMM_H
#define CD_KERNELS_SIMD_GEMM_H

#include "kernels/simd/simd.h"
#include "kernels/simd/sizes.h"
#include "kernels/simd/tile.h"

enum { CD_GEMM_DEPTH = 256 }; /* largest depth of a block: a panel of 32 columns has 32 KiB */

/* Returns the depth of a block in a product with n columns. Every sum is made of one chunk for each
 * block. */
CD_INLINE size_t cd_gemm_depth(size_t n)
{
    enum { BLOCK_FLOATS = 65536 }; /* intended size of a block of B */
    const size_t depth = BLOCK_FLOATS / n / 64 * 64;
    return depth < 64 ? 64 : depth < CD_GEMM_DEPTH ? depth : CD_GEMM_DEPTH;
}

/* Packs a panel: panel[p][j] = b[p * ldb + j] (rows) or b[j * ldb + p] (columns), for p < depth and
 * j < columns (at most CD_TILE_COLUMNS). The remaining columns are 0. */
void CD_LEVEL_NAME(gemm_pack_rows)(const float *b, size_t ldb, size_t depth, size_t columns,
                                   float *panel);
void CD_LEVEL_NAME(gemm_pack_columns)(const float *b, size_t ldb, size_t depth, size_t columns,
                                      float *panel);

/* c (rows x columns, rows ldc apart) = A * panel + (add ? c : 0), tile by tile. Each tile
 * prefetches ahead_each bytes. */
struct cd_panel_product {
    struct cd_tile tile; /* ahead_step is ignored */
    size_t rows, columns, depth;
    int add;
    float *c;
    size_t ldc;
    size_t ahead_each;
};
void CD_LEVEL_NAME(gemm_panel)(const struct cd_panel_product *product);

/* A product with at most CD_GEMM_FEW rows (gemm_few.c). A is addressed as in struct cd_tile. */
enum { CD_GEMM_FEW = 4 };
void CD_LEVEL_NAME(gemm_few)(size_t m, size_t n, size_t k, const float *a, size_t a_row,
                             size_t a_step, const float *b, size_t ldb, int accumulate, float *c,
                             size_t ldc);

#endif

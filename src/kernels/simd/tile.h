/* SPDX-License-Identifier: MIT
 *
 * The register tile of matrix products C = A B: CD_TILE_ROWS x CD_TILE_COLUMNS elements of C. Their
 * sums stay in registers while `depth` products are added to each. Each step loads one row of B,
 * which is two vectors. Each row of the tile then broadcasts one element of A and executes two
 * fused multiply-adds. A tall tile needs fewer loads of B for each multiply-add. */
#ifndef CD_KERNELS_SIMD_TILE_H
#define CD_KERNELS_SIMD_TILE_H

#include "kernels/simd/vector.h"

#if CD_REGISTERS == 32
enum { CD_TILE_ROWS = 12 }; /* 24 of the 32 registers hold sums */
#else
enum { CD_TILE_ROWS = 6 }; /* 12 of the 16 registers hold sums */
#endif
enum { CD_TILE_VECTORS = 2, CD_TILE_COLUMNS = CD_TILE_VECTORS * CD_LANES };

/* The operands of a tile. Element (i, p) of A is a[i * a_row + p * a_step], and row p of B begins
 * at b + p * b_step. A may consist of several lines of k steps each: the next line begins a_line
 * floats further on, and the rows of B continue. There are 1 + lines_after lines. `ahead` points at
 * memory that will be needed next; each step prefetches ahead_step bytes of it into the
 * second-level cache. */
struct cd_tile {
    const float *a;
    size_t a_row, a_step;
    size_t lines_after, a_line;
    const float *b;
    size_t b_step;
    const char *ahead;
    size_t ahead_step;
};

typedef cd_vf cd_tile_sums[CD_TILE_ROWS][CD_TILE_VECTORS];

CD_INLINE void cd_tile_clear(size_t rows, size_t vectors, cd_tile_sums sums)
{
    CD_UNROLL
    for (size_t i = 0; i < rows; i++)
        CD_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[i][v] = cd_vf_zero();
}

/* Every third row of A has its own pointer, and the two rows after it are addressed relative to
 * that pointer. A single index register (a_row) is then enough for all rows. */
enum { CD_TILE_GROUP = 3, CD_TILE_GROUPS = (CD_TILE_ROWS + CD_TILE_GROUP - 1) / CD_TILE_GROUP };

/* Adds one product to each sum: sums[i][v] += A[i] * b[v]. A[i] is a[i / CD_TILE_GROUP][i %
 * CD_TILE_GROUP * a_row]. */
CD_INLINE void cd_tile_step(size_t rows, size_t vectors, const float *const a[CD_TILE_GROUPS],
                            size_t a_row, const float *b, cd_tile_sums sums)
{
    cd_vf factors[CD_TILE_VECTORS];

    CD_UNROLL
    for (size_t v = 0; v < vectors; v++)
        factors[v] = cd_vf_load(b + v * CD_LANES);
    CD_UNROLL
    for (size_t i = 0; i < rows; i++) {
        const cd_vf factor = cd_vf_all(a[i / CD_TILE_GROUP][i % CD_TILE_GROUP * a_row]);
        CD_UNROLL
        for (size_t v = 0; v < vectors; v++)
            sums[i][v] = cd_vf_fma(factor, factors[v], sums[i][v]);
    }
}

/* Computes sums[i][v] = sum over p of A[i][p] * B[p][v], over k steps of each line. Each sum has
 * one accumulator and ascending p, so the bits of an element do not depend on the shape of the
 * tile. `rows`, `vectors` and `fetches` (1: prefetch) must be constants. */
CD_INLINE void cd_tile_multiply(const struct cd_tile *tile, size_t rows, size_t vectors, size_t k,
                                int fetches, cd_tile_sums sums)
{
    const float *a[CD_TILE_GROUPS], *b = tile->b;
    const size_t a_row = tile->a_row, a_step = tile->a_step, b_step = tile->b_step;
    const size_t ahead_step = tile->ahead_step;
    const char *ahead = tile->ahead;

    cd_tile_clear(rows, vectors, sums);
    for (size_t line = 0; line <= tile->lines_after; line++) {
        CD_UNROLL
        for (size_t i = 0; i < rows; i += CD_TILE_GROUP)
            a[i / CD_TILE_GROUP] = tile->a + line * tile->a_line + i * a_row;
#pragma GCC unroll 4
        for (size_t p = 0; p < k; p++) {
            cd_tile_step(rows, vectors, a, a_row, b, sums);
            if (fetches)
                cd_prefetch_far(ahead);
            ahead += ahead_step;
            CD_UNROLL
            for (size_t i = 0; i < rows; i += CD_TILE_GROUP)
                a[i / CD_TILE_GROUP] += a_step;
            b += b_step;
        }
    }
}

/* Stores the first `columns` lanes of `sums` (columns > 0), or the whole vector if `columns` is
 * larger. If `add` is set, they are added to memory instead. */
CD_INLINE void cd_tile_store(float *to, size_t columns, int add, cd_vf sums)
{
    if (columns >= CD_LANES) {
        if (add)
            sums += cd_vf_load(to);
        cd_vf_store(to, sums);
    } else {
        if (add)
            sums += cd_vf_load_n(to, columns);
        cd_vf_store_n(to, sums, columns);
    }
}

#endif

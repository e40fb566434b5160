/* SPDX-License-Identifier: MIT
 *
 * Computes C (m x n) = op(A) (m x k) op(B) (k x n). The loops are blocked as in Goto and van de
 * Geijn, "Anatomy of high-performance matrix multiplication" (2008), except that A is not packed:
 *
 *   for each block of rows of C             the block of A stays in the second-level cache
 *     for each block of the depth k         its products are one chunk of each sum
 *       for each panel of columns of B      packed on the stack; stays in the first-level cache
 *         for each tile of rows             the sums are in registers (tile.h)
 *
 * The depth of a block depends on n alone, so the bits of a row of C do not depend on m. */
#include "kernels/simd/gemm.h"

enum {
    BLOCK_ROWS = 384, /* largest number of rows of a block */
    LARGE = 1 << 18,  /* a matrix B with this many floats does not fit the cache */
};

struct product {
    int transpose_a, transpose_b;
    size_t n;
    const float *a, *b;
    size_t lda, ldb;
    float *c;
    size_t ldc;
};

/* The part of the product that is being computed: rows first_row .. first_row+rows-1 of C, products
 * first_depth .. first_depth+depth-1 of each sum. */
struct block {
    size_t first_row, rows, first_depth, depth;
    int add;           /* 1: add the product to C; 0: overwrite C */
    const char *ahead; /* position in the next block of B, for prefetching */
    size_t ahead_each; /* bytes of the next block of B that each tile prefetches */
    size_t a_ahead;    /* floats to prefetch of each row of the next block of A */
};

/* ---- packing ---- */

void CD_LEVEL_NAME(gemm_pack_rows)(const float *b, size_t ldb, size_t depth, size_t columns,
                                   float *panel)
{
    const size_t low = cd_smaller(columns, CD_LANES), high = columns - low;

    if (columns == CD_TILE_COLUMNS)
        for (size_t p = 0; p < depth; p++)
            for (size_t v = 0; v < CD_TILE_VECTORS; v++)
                cd_vf_store(panel + p * CD_TILE_COLUMNS + v * CD_LANES,
                            cd_vf_load(b + p * ldb + v * CD_LANES));
    else
        for (size_t p = 0; p < depth; p++) {
            cd_vf_store(panel + p * CD_TILE_COLUMNS, cd_vf_load_n(b + p * ldb, low));
            cd_vf_store(panel + p * CD_TILE_COLUMNS + CD_LANES,
                        high ? cd_vf_load_n(b + p * ldb + low, high) : cd_vf_zero());
        }
}

void CD_LEVEL_NAME(gemm_pack_columns)(const float *b, size_t ldb, size_t depth, size_t columns,
                                      float *panel)
{
    for (size_t first = 0; first < CD_TILE_COLUMNS; first += CD_LANES)
        for (size_t p = 0; p < depth; p += CD_LANES) {
            const size_t length = cd_smaller(depth - p, CD_LANES);
            cd_vf square[CD_LANES];
            for (size_t j = 0; j < CD_LANES; j++) {
                const float *from = b + (first + j) * ldb + p;
                square[j] = first + j >= columns     ? cd_vf_zero()
                            : length == CD_LANES     ? cd_vf_load(from)
                                                     : cd_vf_load_n(from, length);
            }
            cd_vf_transpose(square);
            for (size_t i = 0; i < length; i++)
                cd_vf_store(panel + (p + i) * CD_TILE_COLUMNS + first, square[i]);
        }
}

/* ---- a tile ---- */

/* Computes one tile of C and stores it. `rows`, `vectors` and `fetches` must be constants. columns
 * <= vectors * CD_LANES. */
CD_INLINE void finish_tile(const struct cd_tile *tile, size_t rows, size_t vectors, size_t depth,
                           size_t columns, int fetches, int add, float *c, size_t ldc)
{
    cd_tile_sums sums;

    cd_tile_multiply(tile, rows, vectors, depth, fetches, sums);
    CD_UNROLL
    for (size_t i = 0; i < rows; i++)
        CD_UNROLL
        for (size_t v = 0; v < vectors; v++)
            cd_tile_store(c + i * ldc + v * CD_LANES, columns - v * CD_LANES, add, sums[i][v]);
}

#define TILE(r)                                                                    \
    case r:                                                                        \
        if (columns > CD_LANES && tile->ahead_step)                                \
            finish_tile(tile, r, CD_TILE_VECTORS, depth, columns, 1, add, c, ldc); \
        else if (columns > CD_LANES)                                               \
            finish_tile(tile, r, CD_TILE_VECTORS, depth, columns, 0, add, c, ldc); \
        else                                                                       \
            finish_tile(tile, r, 1, depth, columns, 1, add, c, ldc);               \
        break

static void compute_tile(const struct cd_tile *tile, size_t rows, size_t columns, size_t depth,
                         int add, float *c, size_t ldc)
{
    switch (rows) {
        TILE(1);
        TILE(2);
        TILE(3);
        TILE(4);
        TILE(5);
        TILE(6);
#if CD_REGISTERS == 32
        TILE(7);
        TILE(8);
        TILE(9);
        TILE(10);
        TILE(11);
        TILE(12);
#endif
    }
}

void CD_LEVEL_NAME(gemm_panel)(const struct cd_panel_product *product)
{
    const size_t depth = product->depth;
    const size_t tiles = (product->rows - 1) / CD_TILE_ROWS + 1;
    const size_t rows = (product->rows - 1) / tiles + 1; /* tiles of equal height */
    struct cd_tile tile = product->tile;

    tile.ahead_step = cd_divide_up(product->ahead_each, depth);
    for (size_t i = 0; i < product->rows; i += rows) {
        compute_tile(&tile, cd_smaller(product->rows - i, rows), product->columns, depth,
                     product->add, product->c + i * product->ldc, product->ldc);
        tile.a += rows * tile.a_row;
        tile.ahead += product->ahead_each;
    }
}

/* ---- blocks ---- */

static void compute_panel(const struct product *product, struct block *block, size_t first,
                          const float *b, size_t b_step)
{
    const size_t a_row = product->transpose_a ? 1 : product->lda;
    const size_t a_step = product->transpose_a ? product->lda : 1;
    const struct cd_panel_product panel = {
        .tile = {.a = product->a + block->first_row * a_row + block->first_depth * a_step,
                 .a_row = a_row,
                 .a_step = a_step,
                 .b = b,
                 .b_step = b_step,
                 .ahead = block->ahead},
        .rows = block->rows,
        .columns = cd_smaller(product->n - first, CD_TILE_COLUMNS),
        .depth = block->depth,
        .add = block->add,
        .c = product->c + block->first_row * product->ldc + first,
        .ldc = product->ldc,
        .ahead_each = block->ahead_each,
    };

    CD_LEVEL_NAME(gemm_panel)(&panel);
    block->ahead += ((block->rows - 1) / CD_TILE_ROWS + 1) * block->ahead_each;
}

/* Prefetches a part of the next block of A while the panel at column `first` is computed. All
 * panels together prefetch the whole block. */
static void fetch_rows(const struct product *product, const struct block *block, size_t first)
{
    const size_t each = block->rows * CD_TILE_COLUMNS / product->n + 1;
    const size_t from = first / CD_TILE_COLUMNS * each;
    const float *a =
        product->a + block->first_row * product->lda + block->first_depth + block->depth;

    for (size_t i = from; i < cd_smaller(from + each, block->rows); i++)
        for (size_t p = 0; p < block->a_ahead; p += 16)
            cd_prefetch_far(a + i * product->lda + p);
}

static void compute_block(const struct product *product, struct block *block)
{
    _Alignas(64) float panel[CD_GEMM_DEPTH * CD_TILE_COLUMNS];

    for (size_t j = 0; j < product->n; j += CD_TILE_COLUMNS) {
        const size_t columns = cd_smaller(product->n - j, CD_TILE_COLUMNS);
        if (block->a_ahead)
            fetch_rows(product, block, j);
        if (product->transpose_b) {
            CD_LEVEL_NAME(gemm_pack_columns)(product->b + j * product->ldb + block->first_depth,
                                             product->ldb, block->depth, columns, panel);
        } else {
            const float *b = product->b + block->first_depth * product->ldb + j;
            if (columns == CD_TILE_COLUMNS && block->rows <= CD_TILE_ROWS) {
                /* read only once, so it is not packed */
                compute_panel(product, block, j, b, product->ldb);
                continue;
            }
            CD_LEVEL_NAME(gemm_pack_rows)(b, product->ldb, block->depth, columns, panel);
        }
        compute_panel(product, block, j, panel, CD_TILE_COLUMNS);
    }
}

/* Chooses what the tiles of this block prefetch: the next block of B, and also the next block of A
 * if B is too large for the cache, because both then come from memory. */
static void look_ahead(const struct product *product, struct block *block, size_t k)
{
    const size_t next = block->first_depth + block->depth;
    const size_t tiles = ((product->n - 1) / CD_TILE_COLUMNS + 1) *
                         ((block->rows - 1) / CD_TILE_ROWS + 1);

    block->ahead = (const char *)product->b;
    block->ahead_each = 0;
    if (product->transpose_b || product->ldb != product->n || next >= k)
        return;
    const size_t bytes = cd_smaller(k - next, block->depth) * product->n * sizeof(float);
    block->ahead = (const char *)(product->b + next * product->ldb);
    block->ahead_each = bytes / tiles;
    if (!product->transpose_a && product->n * k >= LARGE)
        block->a_ahead = cd_smaller(k - next, block->depth);
}

void CD_LEVEL_NAME(gemm)(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,
                         const float *a, size_t lda, const float *b, size_t ldb, int accumulate,
                         float *c, size_t ldc)
{
    const struct product product = {.transpose_a = transpose_a,
                                    .transpose_b = transpose_b,
                                    .n = n,
                                    .a = a,
                                    .b = b,
                                    .lda = lda,
                                    .ldb = ldb,
                                    .c = c,
                                    .ldc = ldc};
    if (m == 0 || n == 0)
        return;
    for (size_t i = 0; k == 0 && !accumulate && i < m; i++)
        memset(c + i * ldc, 0, n * sizeof *c);
    if (m <= CD_GEMM_FEW && !transpose_b) {
        CD_LEVEL_NAME(gemm_few)(m, n, k, a, transpose_a ? 1 : lda, transpose_a ? lda : 1, b, ldb,
                                accumulate, c, ldc);
        return;
    }
    const size_t depth = cd_gemm_depth(n), blocks = (m - 1) / BLOCK_ROWS + 1;
    const size_t rows = ((m - 1) / blocks / CD_TILE_ROWS + 1) * CD_TILE_ROWS;

    for (size_t i = 0; i < m; i += rows)
        for (size_t p = 0; p < k; p += depth) {
            struct block block = {.first_row = i,
                                  .rows = cd_smaller(m - i, rows),
                                  .first_depth = p,
                                  .depth = cd_smaller(k - p, depth),
                                  .add = accumulate || p > 0};
            look_ahead(&product, &block, k);
            compute_block(&product, &block);
        }
}

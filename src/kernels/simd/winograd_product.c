/* SPDX-License-Identifier: MIT
 *
 * The matrix products at one point. The matrices are small, and one of them is already in the
 * cache. A register tile of rows x width vectors of the result stays in registers for the whole
 * depth. Each step loads `width` vectors of b (1, 2 or 3) and broadcasts one element of a for each
 * row. The result is divided into tiles of about equal height, so every number of rows up to the
 * largest has a function of its own. */
#include "kernels/simd/winograd.h"

#if CD_REGISTERS == 32
enum { ROWS_1 = 12, ROWS_2 = 12, ROWS_3 = 8 };
#define EACH_ROWS_1(make) EACH_OF_12(make, 1)
#define EACH_ROWS_2(make) EACH_OF_12(make, 2)
#define EACH_ROWS_3(make) EACH_OF_8(make, 3)
#else /* 16 registers */
enum { ROWS_1 = 12, ROWS_2 = 6, ROWS_3 = 4 };
#define EACH_ROWS_1(make) EACH_OF_12(make, 1)
#define EACH_ROWS_2(make) EACH_OF_6(make, 2)
#define EACH_ROWS_3(make) EACH_OF_4(make, 3)
#endif

#define EACH_OF_4(make, width) make(1, width) make(2, width) make(3, width) make(4, width)
#define EACH_OF_6(make, width) EACH_OF_4(make, width) make(5, width) make(6, width)
#define EACH_OF_8(make, width) EACH_OF_6(make, width) make(7, width) make(8, width)
#define EACH_OF_12(make, width) \
    EACH_OF_8(make, width) make(9, width) make(10, width) make(11, width) make(12, width)

/* Computes a register tile: sums = a b. Element (row, k) of a is at row * row_step + k *
 * depth_step. `rows` and `width` must be constants. Every fourth row has its own pointer, because
 * x86 can address four multiples of row_step relative to one pointer. The loop is unrolled by four,
 * so that the branch predictor can predict the end of a short loop. */
CD_INLINE void multiply(size_t rows, size_t width, size_t depth, const float *a, size_t row_step,
                        size_t depth_step, const float *b, cd_vf sums[12][3])
{
    const float *at[3] = {a, a + 4 * row_step, a + 8 * row_step};

    CD_UNROLL
    for (size_t r = 0; r < rows; r++)
        CD_UNROLL
        for (size_t w = 0; w < width; w++)
            sums[r][w] = cd_vf_zero();
#pragma GCC unroll 4
    for (size_t k = 0; k < depth; k++) {
        cd_vf right[3];
        CD_UNROLL
        for (size_t w = 0; w < width; w++)
            right[w] = cd_vf_load(b + w * CD_LANES);
        CD_UNROLL
        for (size_t r = 0; r < rows; r++) {
            const cd_vf left = cd_vf_all(at[r / 4][r % 4 * row_step]);
            CD_UNROLL
            for (size_t w = 0; w < width; w++)
                sums[r][w] = cd_vf_fma(left, right[w], sums[r][w]);
        }
        b += width * CD_LANES;
        CD_UNROLL
        for (size_t i = 0; i < 3; i++)
            at[i] += depth_step;
    }
}

/* Prefetches the part of c to which a tile will be added. */
CD_INLINE void prefetch(size_t rows, size_t width, const float *c)
{
    CD_UNROLL
    for (size_t i = 0; i < rows * width * CD_LANES; i += 16)
        cd_prefetch_change(c + i);
}

CD_INLINE void store(size_t rows, size_t width, int add, cd_vf sums[12][3], float *c)
{
    CD_UNROLL
    for (size_t r = 0; r < rows; r++)
        CD_UNROLL
        for (size_t w = 0; w < width; w++) {
            float *to = c + (r * width + w) * CD_LANES;
            cd_vf_store(to, add ? (cd_vf)(cd_vf_load(to) + sums[r][w]) : sums[r][w]);
        }
}

typedef void product_fn(size_t depth, const float *a, size_t lda, const float *b, float *c);

#define MAKE_PRODUCT(rows, width)                                                                 \
    static void product_##rows##_##width(size_t depth, const float *a, size_t lda,                \
                                         const float *b, float *c)                                \
    {                                                                                             \
        cd_vf sums[12][3];                                                                        \
        multiply(rows, width, depth, a, lda, 1, b, sums);                                         \
        store(rows, width, 0, sums, c);                                                           \
    }

#define MAKE_OUTER(rows, width)                                                                   \
    static void outer_##rows##_##width(size_t depth, const float *a, size_t lda, const float *b,  \
                                       float *c)                                                  \
    {                                                                                             \
        cd_vf sums[12][3];                                                                        \
        prefetch(rows, width, c);                                                                 \
        multiply(rows, width, depth, a, 1, lda, b, sums);                                         \
        store(rows, width, 1, sums, c);                                                           \
    }

EACH_ROWS_1(MAKE_PRODUCT)
EACH_ROWS_2(MAKE_PRODUCT)
EACH_ROWS_3(MAKE_PRODUCT)
EACH_ROWS_1(MAKE_OUTER)
EACH_ROWS_2(MAKE_OUTER)
EACH_ROWS_3(MAKE_OUTER)

#define NAME_PRODUCT(rows, width) product_##rows##_##width,
#define NAME_OUTER(rows, width) outer_##rows##_##width,

static const size_t most_rows[3] = {ROWS_1, ROWS_2, ROWS_3};

static product_fn *const products[3][12] = {
    {EACH_ROWS_1(NAME_PRODUCT)}, {EACH_ROWS_2(NAME_PRODUCT)}, {EACH_ROWS_3(NAME_PRODUCT)}};

static product_fn *const outers[3][12] = {
    {EACH_ROWS_1(NAME_OUTER)}, {EACH_ROWS_2(NAME_OUTER)}, {EACH_ROWS_3(NAME_OUTER)}};

/* Divides the result into tiles of about equal height and computes them. a_step: distance in a, in
 * floats, of two rows of the result. */
static void multiply_all(product_fn *const made[12], size_t most, size_t rows, size_t depth,
                         size_t columns, const float *a, size_t a_step, size_t lda, const float *b,
                         float *c)
{
    const size_t tiles = cd_divide_up(rows, most);

    for (size_t tile = 0; tile < tiles; tile++) {
        const size_t from = rows * tile / tiles, to = rows * (tile + 1) / tiles;
        made[to - from - 1](depth, a + from * a_step, lda, b, c + from * columns);
    }
}

void CD_LEVEL_NAME(winograd_product)(size_t rows, size_t depth, size_t width, const float *a,
                                     size_t lda, const float *b, float *c)
{
    multiply_all(products[width - 1], most_rows[width - 1], rows, depth, width * CD_LANES, a, lda,
                 lda, b, c);
}

void CD_LEVEL_NAME(winograd_outer)(size_t rows, size_t depth, size_t width, const float *a,
                                   size_t lda, const float *b, float *c)
{
    multiply_all(outers[width - 1], most_rows[width - 1], rows, depth, width * CD_LANES, a, 1, lda,
                 b, c);
}

/* SPDX-License-Identifier: MIT
 *
 * The products at one point: small matrices, one of them already in the cache. A tile of the result
 * stays in registers for the whole depth: rows x width vectors, where each step of the depth loads
 * width vectors of b and one number of a for each row. The width is 1, 2 or 3 vectors, and the
 * number of rows is whatever divides the matrix evenly, so a function is made for each. */
#include "kernels/simd/winograd.h"

#if CD_REGISTERS == 32
enum { ROWS_1 = 12, ROWS_2 = 12, ROWS_3 = 8 };
#define EACH_ROWS_1(make) EACH_OF_12(make, 1)
#define EACH_ROWS_2(make) EACH_OF_12(make, 2)
#define EACH_ROWS_3(make) EACH_OF_8(make, 3)
#else /* 16 */
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

/* Element (row, k) of a is at row * row_step + k * depth_step. rows and width are constants where
 * this is inlined; there is a pointer for every fourth row, as x86 can address four multiples of a
 * step from one. Unrolled by four, the end of a short loop is foreseen. */
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

/* What will be added to is on its way during the product. */
CD_INLINE void fetch(size_t rows, size_t width, const float *c)
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
        fetch(rows, width, c);                                                                    \
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

/* Cuts the rows evenly. a_step: from one row of the result to the next. */
static void multiply_all(product_fn *const made[12], size_t most, size_t rows, size_t depth,
                         size_t columns, const float *a, size_t a_step, size_t lda, const float *b,
                         float *c)
{
    const size_t parts = cd_divide_up(rows, most);

    for (size_t part = 0; part < parts; part++) {
        const size_t from = rows * part / parts, to = rows * (part + 1) / parts;
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

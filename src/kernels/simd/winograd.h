/* SPDX-License-Identifier: MIT
 *
 * Convolution of 3 x 3 with stride 1 by Winograd's minimal filtering F(4x4, 3x3): a tile of 4 x 4
 * results is made of 6 x 6 products for each pair of channels, where the definition takes 144.
 *
 * In one dimension, four results of three taps g over six data d are
 *     y = At ((G g) . (Bt d)),
 * the transpose of Toom and Cook's multiplication of polynomials: G evaluates g at six points, Bt
 * interpolates (transposed), At evaluates. For points p with N_p = product of (p - q) over the
 * other finite points q:
 *     Bt row p = coefficients of the product of (X - q) over the other finite points, lowest first;
 *     Bt row of infinity = those of the product of (X - q) over all finite points;
 *     G row p = (1, p, p^2) / N_p, of infinity (0, 0, 1);
 *     At column p = (1, p, p^2, p^3), of infinity (0, 0, 0, 1).
 * In two dimensions each acts on the columns, then on the rows. The derivative by the kernel is the
 * same with the roles changed, three results of four taps: G and At become 6 x 4 and 3 x 6.
 *
 * The points are 0, +-5/8, +-3/2 and infinity: their errors are about a quarter of those of 0, +-1,
 * +-2 and infinity at the same cost, and all their multipliers but 1 / N_p are exact. As each comes
 * with its negative, the even and the odd half of a row are worked out once for both.
 *
 * Winograd 1980, Arithmetic Complexity of Computations; Lavin and Gray 2016, arXiv 1509.09308; on
 * the choice of points Barabasz, Anderson, Soodhalter and Gregg 2018, arXiv 1803.10986.
 *
 * Errors, of all three passes: largest error 16 epsilon of the largest sum of absolute products
 * (kernels.h), squared error 1e-11 of the results' squares. A NaN or infinity among the data spoils
 * all results of the tiles that it is read for, also those of which the definition would not have
 * it. */
#ifndef CD_KERNELS_SIMD_WINOGRAD_H
#define CD_KERNELS_SIMD_WINOGRAD_H

#include "kernels/simd/simd.h"
#include "kernels/simd/sizes.h"

/* Points a and b beside their negatives. */
#define WINOGRAD_A 0.625f
#define WINOGRAD_B 1.5f
#define WINOGRAD_A2 (WINOGRAD_A * WINOGRAD_A)
#define WINOGRAD_B2 (WINOGRAD_B * WINOGRAD_B)
/* 1 / N_p */
#define WINOGRAD_N0 (1.0f / (WINOGRAD_A2 * WINOGRAD_B2))
#define WINOGRAD_NA (1.0f / (2 * WINOGRAD_A2 * (WINOGRAD_A2 - WINOGRAD_B2)))
#define WINOGRAD_NB (1.0f / (2 * WINOGRAD_B2 * (WINOGRAD_B2 - WINOGRAD_A2)))

enum {
    WINOGRAD_STEP = 4,   /* results of a tile, in one dimension */
    WINOGRAD_SIZE = 6,   /* data under them, and points */
    WINOGRAD_POINTS = 36,
    WINOGRAD_PAIR = 12, /* points of a pair of rows */
    WINOGRAD_BLOCK = 2, /* vectors of results that are worked on together */
    /* Floats between the planes of two points, beyond what they hold: a cache line, so that the 36
     * elements of a tile do not meet in one set of the cache. */
    WINOGRAD_GAP = 16,
};

/* c + a b for a constant a. */
CD_INLINE cd_vf winograd_add(cd_vf c, float a, cd_vf b)
{
    return cd_vf_fma(cd_vf_all(a), b, c);
}

/* The points in the order 0, infinity, a, -a, b, -b, so that what is worked out together is pair 0,
 * 1 or 2, a constant below. Working on one pair of rows at a time keeps everything in registers. */
enum { WINOGRAD_PAIRS = 3 };

/* v = two rows of Bt d. */
CD_INLINE void winograd_data(size_t pair, const cd_vf d[6], cd_vf v[2])
{
    const float at = pair == 1 ? WINOGRAD_A : WINOGRAD_B;
    const float other = pair == 1 ? WINOGRAD_B2 : WINOGRAD_A2;
    const float sum = WINOGRAD_A2 + WINOGRAD_B2, product = WINOGRAD_A2 * WINOGRAD_B2;

    if (pair == 0) {
        v[0] = winograd_add(winograd_add(d[4], -sum, d[2]), product, d[0]);
        v[1] = winograd_add(winograd_add(d[5], -sum, d[3]), product, d[1]);
    } else {
        const cd_vf even = winograd_add(d[4], -other, d[2]);
        const cd_vf odd = winograd_add(d[3], -other, d[1]);
        v[0] = winograd_add(even, at, odd);
        v[1] = winograd_add(even, -at, odd);
    }
}

/* Adds what two points give to y = At m for four results; pair 0 comes first, then 1. */
CD_INLINE void winograd_results(size_t pair, const cd_vf m[2], cd_vf y[4])
{
    const cd_vf even = m[0] + m[1], odd = m[0] - m[1];

    if (pair == 0) {
        y[0] = m[0];
        y[3] = m[1];
    } else if (pair == 1) {
        y[0] += even;
        y[1] = cd_vf_all(WINOGRAD_A) * odd;
        y[2] = cd_vf_all(WINOGRAD_A2) * even;
        y[3] = winograd_add(y[3], WINOGRAD_A * WINOGRAD_A2, odd);
    } else {
        y[0] += even;
        y[1] = winograd_add(y[1], WINOGRAD_B, odd);
        y[2] = winograd_add(y[2], WINOGRAD_B2, even);
        y[3] = winograd_add(y[3], WINOGRAD_B * WINOGRAD_B2, odd);
    }
}

/* u = G g for three taps. */
CD_INLINE void winograd_taps(const cd_vf g[3], cd_vf u[6])
{
    const cd_vf even_a = winograd_add(g[0], WINOGRAD_A2, g[2]);
    const cd_vf even_b = winograd_add(g[0], WINOGRAD_B2, g[2]);

    u[0] = g[0] * cd_vf_all(WINOGRAD_N0);
    u[1] = g[2];
    u[2] = winograd_add(even_a, WINOGRAD_A, g[1]) * cd_vf_all(WINOGRAD_NA);
    u[3] = winograd_add(even_a, -WINOGRAD_A, g[1]) * cd_vf_all(WINOGRAD_NA);
    u[4] = winograd_add(even_b, WINOGRAD_B, g[1]) * cd_vf_all(WINOGRAD_NB);
    u[5] = winograd_add(even_b, -WINOGRAD_B, g[1]) * cd_vf_all(WINOGRAD_NB);
}

/* For the derivative by the kernel: v = two rows of G g for four taps, but for 1 / N_p, which
 * winograd_sums_to_taps multiplies with once for all tiles. */
CD_INLINE void winograd_gradient(size_t pair, const cd_vf g[4], cd_vf v[2])
{
    const float at = pair == 1 ? WINOGRAD_A : WINOGRAD_B;

    if (pair == 0) {
        v[0] = g[0];
        v[1] = g[3];
    } else {
        const cd_vf even = winograd_add(g[0], at * at, g[2]);
        const cd_vf odd = winograd_add(g[1], at * at, g[3]);
        v[0] = winograd_add(even, at, odd);
        v[1] = winograd_add(even, -at, odd);
    }
}

/* Adds what two points give to g = At m for three results. */
CD_INLINE void winograd_sums_to_taps(size_t pair, const cd_vf m[2], cd_vf g[3])
{
    const float at = pair == 1 ? WINOGRAD_A : WINOGRAD_B;
    const cd_vf n = cd_vf_all(pair == 1 ? WINOGRAD_NA : WINOGRAD_NB);

    if (pair == 0) {
        g[0] = winograd_add(g[0], WINOGRAD_N0, m[0]);
        g[2] += m[1];
    } else {
        const cd_vf even = (m[0] + m[1]) * n, odd = (m[0] - m[1]) * n;
        g[0] += even;
        g[1] = winograd_add(g[1], at, odd);
        g[2] = winograd_add(g[2], at * at, even);
    }
}

/* Channels are worked on in whole vectors, and, as results, in blocks of two vectors; an odd number
 * of vectors ends in a block of three (or is one). */
CD_INLINE size_t winograd_block(size_t vectors_left)
{
    return vectors_left == 3 || vectors_left == 1 ? vectors_left : WINOGRAD_BLOCK;
}

/* Block b begins at vector WINOGRAD_BLOCK b. */
CD_INLINE size_t winograd_blocks(size_t channels)
{
    const size_t vectors = cd_vectors(channels);
    return vectors > 1 ? vectors / WINOGRAD_BLOCK : 1;
}

CD_INLINE size_t winograd_lanes(size_t channels_left)
{
    return channels_left < CD_LANES ? channels_left : CD_LANES;
}

CD_INLINE cd_vf winograd_load(const float *from, size_t lanes)
{
    return lanes == CD_LANES ? cd_vf_load(from) : cd_vf_load_n(from, lanes);
}

CD_INLINE cd_vi winograd_load_bytes(const uint8_t *from, size_t lanes)
{
    return lanes == CD_LANES ? cd_vi_load_bytes(from) : cd_vi_load_bytes_n(from, lanes);
}

/* ---- winograd_tiles.c: maps to points ---- */

/* A map that tiles are taken from, as it is or, if winner is not NULL, as the gradient before a max
 * pooling of 2 x 2: what values hold belongs to element winner (0 .. 3, row-major) of its window,
 * or to none (4). Tiles are numbered along the rows, from picture to picture; tile (t, u) begins at
 * row 4 t - top, column 4 u - left. Outside, the map is 0. */
struct winograd_map {
    const float *values;
    const uint8_t *winner;
    size_t h, w, c; /* of values */
    size_t top, left;
    size_t across, down; /* tiles in a row and rows of tiles of a picture */
};

/* Tile number `index` of pictures that lie one behind the other: row t and column u of tiles. */
struct winograd_place {
    size_t picture, t, u;
};

CD_INLINE struct winograd_place winograd_place_of(size_t index, size_t across, size_t down)
{
    const size_t row = index / across;

    return (struct winograd_place){row / down, row % down, index % across};
}

/* Tiles first .. first+count-1 of 6 x 6, transformed by Bt: v[36][count][channels, whole vectors],
 * planes `plane` floats apart. */
void CD_LEVEL_NAME(winograd_data_tiles)(const struct winograd_map *map, size_t first, size_t count,
                                        float *v, size_t plane);

/* Those 12 points only of which the first coordinate is of that pair. */
void CD_LEVEL_NAME(winograd_data_tiles_of)(size_t pair, const struct winograd_map *map,
                                           size_t first, size_t count, float *v, size_t plane);

/* The same of tiles of 4 x 4 of channels o .. o+channels-1, transformed by winograd_gradient; top
 * and left must be 0. */
void CD_LEVEL_NAME(winograd_gradient_tiles_of)(size_t pair, const struct winograd_map *map,
                                               size_t o, size_t channels, size_t first,
                                               size_t count, float *v, size_t plane);

/* ---- winograd_product.c ---- */

/* c (rows x width vectors) = a (rows x depth, rows lda apart) * b (depth x width vectors). */
void CD_LEVEL_NAME(winograd_product)(size_t rows, size_t depth, size_t width, const float *a,
                                     size_t lda, const float *b, float *c);

/* c (rows x width vectors) += transpose of a (depth x rows, rows lda apart) * b (depth x width
 * vectors). */
void CD_LEVEL_NAME(winograd_outer)(size_t rows, size_t depth, size_t width, const float *a,
                                   size_t lda, const float *b, float *c);

/* ---- winograd_results.c: points to maps ---- */

/* Where results go: the maps y, of h x w x c, after a max pooling of 2 x 2 if kept or pooled says
 * so. */
struct winograd_target {
    float *y;
    uint8_t *kept; /* NULL: not wanted */
    const float *bias; /* NULL: none */
    /* rows before last, columns, channels that are to be written; h: all rows */
    size_t last, h, w, c;
    size_t across, down;
    int pooled, relu;
};

/* Tiles first .. of width vectors of channels from o on, out of m[36][count][width vectors]. */
void CD_LEVEL_NAME(winograd_results_tiles)(const struct winograd_target *target, size_t o,
                                           size_t width, size_t first, size_t count, const float *m,
                                           size_t plane);

/* ---- winograd_taps.c: kernels to points and back ---- */

/* u[block of results][36][ci][vectors of the block] of a kernel 3 x 3 x ci x co. */
void CD_LEVEL_NAME(winograd_kernel)(size_t ci, size_t co, const float *kernel, float *u);

/* The same of the kernel of the derivative by the data: rotated by half a turn, channels of the
 * results ci, of the data co. */
void CD_LEVEL_NAME(winograd_turned_kernel)(size_t ci, size_t co, const float *kernel, float *u);

/* Channels o .. o+channels-1 of dkernel (3 x 3 x ci x co) out of the sums of all pairs, which come
 * one after the other, each as sums[12][ci][whole vectors]; pair 0 overwrites what the others add
 * to. */
void CD_LEVEL_NAME(winograd_kernel_back)(size_t pair, size_t ci, size_t co, size_t o,
                                         size_t channels, const float *sums, size_t plane,
                                         float *dkernel);

#endif

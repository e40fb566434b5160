/* SPDX-License-Identifier: MIT
 *
 * The algorithm "winograd": 3 x 3 convolutions with stride 1 by Winograd's minimal filtering F(4x4,
 * 3x3). A tile of 4 x 4 outputs takes 6 x 6 products for each pair of channels; the definition
 * takes 144.
 *
 * In one dimension, four outputs y are computed from three taps g and six inputs d as
 *     y = At ((G g) . (Bt d)),
 * where . multiplies element by element. This is the transpose of Toom and Cook's multiplication of
 * polynomials, which evaluates the polynomials at six points. One of the points is infinity. The
 * constants follow from the points. Let N_p be the product of (p - q) over the other finite points
 * q. For a finite point p:
 *     Bt row p = coefficients of the product of (X - q) over the other finite points, lowest first
 *     G row p = (1, p, p^2) / N_p
 *     At column p = (1, p, p^2, p^3)
 * For infinity:
 *     Bt row = coefficients of the product of (X - q) over all finite points
 *     G row = (0, 0, 1)
 *     At column = (0, 0, 0, 1)
 * In two dimensions, each transform is applied to the columns and then to the rows. The 36 elements
 * of a transformed tile are also called points. Backward kernel works in the same way with other
 * sizes: it computes three outputs (the taps) from four "taps" (dy) and six inputs. G is then 6 x 4
 * and At is 3 x 6.
 *
 * The points are 0, +-5/8, +-3/2 and infinity. Rounding errors are about a quarter of those with
 * the usual points 0, +-1, +-2 and infinity, at the same cost. All constants except 1 / N_p are
 * exact in float. The finite points other than 0 come in pairs p, -p. The even and the odd terms of
 * their sums are the same except for the sign, so they are computed once for both.
 *
 * Sources: Winograd 1980, Arithmetic Complexity of Computations; Lavin and Gray 2016, arXiv
 * 1509.09308; on the choice of points Barabasz, Anderson, Soodhalter and Gregg 2018, arXiv
 * 1803.10986.
 *
 * Errors of all three passes: the largest error is at most 16 epsilon times the largest sum of
 * absolute products (kernels.h). The sum of squared errors is at most 1e-11 of the sum of squares
 * of the outputs. A NaN or infinity in the input reaches all outputs of the tiles that read it,
 * including outputs that do not depend on it by the definition.
 *
 * Names in this file and in winograd_*.c:
 *   tile       4 x 4 outputs, or the 6 x 6 inputs that they depend on
 *   pair       two rows (or columns) of points that are computed together; there are three pairs,
 *              with 12 of the 36 points each
 *   plane      one point of all tiles of a block; also the distance of two planes in floats
 *   v, u, m    the points of the inputs, of the kernel, and of their products */
#ifndef CD_KERNELS_SIMD_WINOGRAD_H
#define CD_KERNELS_SIMD_WINOGRAD_H

#include "kernels/simd/simd.h"
#include "kernels/simd/sizes.h"

/* The points a and b; -a and -b are also points. */
#define WINOGRAD_A 0.625f
#define WINOGRAD_B 1.5f
#define WINOGRAD_A2 (WINOGRAD_A * WINOGRAD_A)
#define WINOGRAD_B2 (WINOGRAD_B * WINOGRAD_B)
/* The factors 1 / N_p of the points 0, +-a and +-b. */
#define WINOGRAD_N0 (1.0f / (WINOGRAD_A2 * WINOGRAD_B2))
#define WINOGRAD_NA (1.0f / (2 * WINOGRAD_A2 * (WINOGRAD_A2 - WINOGRAD_B2)))
#define WINOGRAD_NB (1.0f / (2 * WINOGRAD_B2 * (WINOGRAD_B2 - WINOGRAD_A2)))

enum {
    WINOGRAD_STEP = 4,   /* outputs of a tile in one dimension */
    WINOGRAD_SIZE = 6,   /* inputs of a tile in one dimension, and number of points */
    WINOGRAD_POINTS = 36,
    WINOGRAD_PAIR = 12, /* number of points of one pair */
    WINOGRAD_BLOCK = 2, /* vectors of output channels in a block */
    /* Unused floats between two planes: a cache line. Without them, the 36 points of a tile would
     * compete for the same set of the cache. */
    WINOGRAD_GAP = 16,
};

/* Returns c + a b for a constant a. */
CD_INLINE cd_vf winograd_add(cd_vf c, float a, cd_vf b)
{
    return cd_vf_fma(cd_vf_all(a), b, c);
}

/* The order of the points is 0, infinity, a, -a, b, -b: three pairs. Each function below computes
 * one pair; `pair` must be a constant. One pair at a time needs few enough registers for all
 * intermediate numbers. */
enum { WINOGRAD_PAIRS = 3 };

/* Computes two points v of six inputs: two rows of Bt d. */
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

/* Adds the contribution of two points m to four outputs: y = At m. Call it with pairs 0, 1, 2 in
 * this order; pair 0 initialises y. */
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

/* Computes u = G g, all six points of three taps. */
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

/* Computes two points v of four elements g of dy, for backward kernel: two rows of G g without the
 * factor 1 / N_p. winograd_sums_to_taps() multiplies by that factor once for all tiles. */
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

/* Adds the contribution of two summed points m to three taps: g = At m. */
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

/* Returns the size of the next block of output channels, in vectors. Channels are padded to whole
 * vectors. Blocks have two vectors; if the number of vectors is odd, the last block has three, or
 * one if there is only one vector. */
CD_INLINE size_t winograd_block(size_t vectors_left)
{
    return vectors_left == 3 || vectors_left == 1 ? vectors_left : WINOGRAD_BLOCK;
}

/* Returns the number of blocks of output channels. Block b begins at vector WINOGRAD_BLOCK * b. */
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

/* ---- winograd_tiles.c: feature maps to points ---- */

/* A feature map from which tiles are read. Outside its bounds it is 0.
 *
 * If winner is NULL, `values` is the feature map. Otherwise `values` is the gradient after a 2 x 2
 * max pooling, and the feature map is the gradient before the pooling. Each element of `values`
 * then belongs to the element of its window that `winner` selects (0 .. 3, row-major), or to none
 * (4).
 *
 * Tiles are numbered along the rows, then over the images. The tile in row t and column u of tiles
 * begins at row 4 t - top and column 4 u - left of the feature map. */
struct winograd_map {
    const float *values;
    const uint8_t *winner;
    size_t h, w, c; /* shape of one image in `values` */
    size_t top, left;
    size_t across, down; /* number of tiles in a row; number of rows of tiles in an image */
};

/* The position of tile number `index`: the image, and the row and column of tiles. */
struct winograd_place {
    size_t image, t, u;
};

CD_INLINE struct winograd_place winograd_place_of(size_t index, size_t across, size_t down)
{
    const size_t row = index / across;

    return (struct winograd_place){row / down, row % down, index % across};
}

/* Transforms the inputs of tiles first .. first+count-1 to v[36][count][channels, padded to whole
 * vectors]. The planes are `plane` floats apart. */
void CD_LEVEL_NAME(winograd_data_tiles)(const struct winograd_map *map, size_t first, size_t count,
                                        float *v, size_t plane);

/* Does the same for the 12 points of one pair of rows only. */
void CD_LEVEL_NAME(winograd_data_tiles_of)(size_t pair, const struct winograd_map *map,
                                           size_t first, size_t count, float *v, size_t plane);

/* Transforms the 4 x 4 tiles of dy, channels o .. o+channels-1, by winograd_gradient(), to the 12
 * points of one pair of rows. map->top and map->left must be 0. */
void CD_LEVEL_NAME(winograd_gradient_tiles_of)(size_t pair, const struct winograd_map *map,
                                               size_t o, size_t channels, size_t first,
                                               size_t count, float *v, size_t plane);

/* ---- winograd_product.c ---- */

/* Computes c = a b, where c is rows x width vectors, a is rows x depth, and b is depth x width
 * vectors. The rows of a are lda floats apart. */
void CD_LEVEL_NAME(winograd_product)(size_t rows, size_t depth, size_t width, const float *a,
                                     size_t lda, const float *b, float *c);

/* Computes c += a^T b, where c is rows x width vectors, a is depth x rows, and b is depth x width
 * vectors. The rows of a are lda floats apart. */
void CD_LEVEL_NAME(winograd_outer)(size_t rows, size_t depth, size_t width, const float *a,
                                   size_t lda, const float *b, float *c);

/* ---- winograd_results.c: points to feature maps ---- */

/* The destination of the outputs: y (h x w x c), after a 2 x 2 max pooling if `pooled` is set. */
struct winograd_target {
    float *y;
    uint8_t *kept; /* winner of each pooling window, or NULL if it is not needed */
    const float *bias; /* NULL if there is no bias */
    size_t last, h, w, c; /* shape of y; only rows before `last` are written */
    size_t across, down;
    int pooled, relu;
};

/* Computes the outputs of tiles first .. first+count-1 from m[36][count][width vectors]: `width`
 * vectors of channels from channel o on. The planes of m are `plane` floats apart. */
void CD_LEVEL_NAME(winograd_results_tiles)(const struct winograd_target *target, size_t o,
                                           size_t width, size_t first, size_t count, const float *m,
                                           size_t plane);

/* ---- winograd_taps.c: kernels to points and back ---- */

/* Transforms a kernel (3 x 3 x ci x co) to u[block of output channels][36][ci][vectors of the
 * block]. */
void CD_LEVEL_NAME(winograd_kernel)(size_t ci, size_t co, const float *kernel, float *u);

/* Transforms a kernel for backward data. The kernel is rotated by 180 degrees, and input and output
 * channels are exchanged. */
void CD_LEVEL_NAME(winograd_rotated_kernel)(size_t ci, size_t co, const float *kernel, float *u);

/* Computes channels o .. o+channels-1 of dkernel (3 x 3 x ci x co) from the sums of one pair,
 * sums[12][ci][channels, padded to whole vectors]. Pair 0 overwrites dkernel, the other pairs add
 * to it. */
void CD_LEVEL_NAME(winograd_kernel_back)(size_t pair, size_t ci, size_t co, size_t o,
                                         size_t channels, const float *sums, size_t plane,
                                         float *dkernel);

#endif

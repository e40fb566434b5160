/* SPDX-License-Identifier: MIT
 *
 * The algorithm: which layers it does, and the order of the work. Forward and backward data are one
 * procedure over blocks of some 48 tiles, whose points stay in the second-level cache:
 *
 *     data tiles -> v[36][tiles][channels of the data]
 *     for each block of two vectors of results' channels
 *         for each point: m[point] = v[point] u[block][point]
 *         m[36][tiles][block] -> results
 *
 * Backward kernel goes through the tiles of all pictures once for each of three pairs of rows of
 * points, so that the sums of these 12 points stay in that cache too, for all channels of y or a slice
 * of them:
 *
 *     data tiles -> v[12][tiles][ci], gradient tiles -> d[12][tiles][slice]
 *     for each point: sums[point] += transpose of v[point] d[point] */
#include <string.h>

#include "kernels/simd/winograd.h"

enum {
    BLOCK = 48, /* tiles, about */
    SUMS = 192 << 10,   /* floats of backward kernel's sums, about */
    FACTORS = 128 << 10 /* and of what is multiplied for them */
};

static size_t up(size_t value, size_t unit)
{
    return (value + unit - 1) / unit;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t whole_vectors(size_t channels)
{
    return winograd_vectors(channels) * CD_LANES;
}

/* The next cache line, so that whole lines are written; the scratch has room for that. */
static float *align(float *scratch)
{
    return (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
}

static int pooled(const struct cd_conv_layer *layer)
{
    return layer->pool.co != 0;
}

/* ---- the work of a pass ---- */

/* ci channels become co; rows, across: tiles. */
struct work {
    size_t ci, co, rows, across;
};

/* Results that a pooling leaves out are not computed. */
static struct work of_layer(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv, *pool = &layer->pool;

    if (pass == CD_CONV_BACKWARD_DATA)
        return (struct work){conv->co, conv->ci, up(conv->h, WINOGRAD_STEP),
                             up(conv->w, WINOGRAD_STEP)};
    return (struct work){conv->ci, conv->co,
                         up(pooled(layer) ? 2 * pool->oh : conv->oh, WINOGRAD_STEP),
                         up(pooled(layer) ? 2 * pool->ow : conv->ow, WINOGRAD_STEP)};
}

/* Channels of y whose sums are kept at once, a multiple of a block of two vectors. */
static size_t slice_of(const struct work *work)
{
    const size_t fit = SUMS / WINOGRAD_PAIR / work->ci / (2 * CD_LANES) * (2 * CD_LANES);

    return smaller(whole_vectors(work->co), fit ? fit : 2 * CD_LANES);
}

static size_t tiles_of_slice(const struct work *work)
{
    const size_t fit = FACTORS / WINOGRAD_PAIR / (whole_vectors(work->ci) + slice_of(work));

    return smaller(work->rows * work->across, fit < 16 ? 16 : fit);
}

static size_t plane(size_t tiles, size_t channels)
{
    return tiles * channels + WINOGRAD_GAP;
}

/* ---- which layers ---- */

static int window_is(const struct cd_window *window, size_t size, size_t stride)
{
    return window->kh == size && window->kw == size && window->sh == stride &&
           window->sw == stride;
}

static int supported(const struct cd_conv_layer *layer)
{
    const struct cd_window *conv = &layer->conv.window, *pool = &layer->pool.window;

    if (!window_is(conv, 3, 1) || conv->top > 2 || conv->bottom > 2 || conv->left > 2 ||
        conv->right > 2)
        return 0;
    if (layer->activation.kind != CNN_ACTIVATION_NONE &&
        layer->activation.kind != CNN_ACTIVATION_RELU)
        return 0;
    return !pooled(layer) || (window_is(pool, 2, 2) && pool->top == 0 && pool->bottom == 0 &&
                              pool->left == 0 && pool->right == 0);
}

/* A vector of a tile takes about 150 cycles to transform, or 300 vectors of multiply-adds; a vector
 * of the kernel takes about 8 to fetch for each block of tiles, of its sums twice that. The products
 * run at some 85 % of the peak. */
static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct work work = of_layer(layer, pass);
    const double tiles = (double)work.rows * (double)work.across;
    const double ci = (double)work.ci, co = (double)whole_vectors(work.co);
    const double blocks = (double)up(work.rows * work.across, BLOCK);
    const double fetch = pass == CD_CONV_BACKWARD_KERNEL ? 16 : 8;

    if (!supported(layer))
        return 0;
    return tiles * WINOGRAD_POINTS * ci * co / 0.85 +
           tiles * 300 * (co + (double)whole_vectors(work.ci)) +
           blocks * fetch * WINOGRAD_POINTS * ci * co;
}

static size_t kept(const struct cd_conv_layer *layer)
{
    return pooled(layer) ? layer->pool.oh * layer->pool.ow * layer->pool.co : 0;
}

static size_t prepared(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct work work = of_layer(layer, pass);

    return pass == CD_CONV_BACKWARD_KERNEL
               ? 0
               : WINOGRAD_POINTS * work.ci * whole_vectors(work.co);
}

static void prepare(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *to)
{
    if (pass == CD_CONV_BACKWARD_DATA)
        CD_LEVEL_NAME(winograd_turned_kernel)(layer->conv.ci, layer->conv.co, kernel, to);
    else
        CD_LEVEL_NAME(winograd_kernel)(layer->conv.ci, layer->conv.co, kernel, to);
}

/* Rows of tiles in a call: those of a block, the picture cut evenly. */
static size_t rows(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct work work = of_layer(layer, pass);
    const size_t most = BLOCK / work.across ? BLOCK / work.across : 1;
    const size_t together = up(work.rows, up(work.rows, most));

    return together * (pooled(layer) && pass == CD_CONV_FORWARD ? 2 : WINOGRAD_STEP);
}

/* Any number of rows may be asked for at once, hence BLOCK. */
static size_t scratch(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct work work = of_layer(layer, pass);
    const size_t ci = whole_vectors(work.ci), slice = slice_of(&work);
    const size_t tiles = tiles_of_slice(&work);

    if (pass == CD_CONV_BACKWARD_KERNEL)
        return WINOGRAD_GAP + 2 * whole_vectors(work.co) +
               WINOGRAD_PAIR * (plane(tiles, ci) + plane(tiles, slice) + plane(work.ci, slice));
    return WINOGRAD_GAP + WINOGRAD_POINTS * (plane(BLOCK, ci) + plane(BLOCK, 3 * CD_LANES));
}

/* ---- forward and backward data ---- */

static void convolve_block(const struct winograd_map *map, const float *kernel,
                           const struct winograd_target *target, size_t first, size_t count,
                           float *v)
{
    const size_t stride = whole_vectors(map->c), vectors = winograd_vectors(target->c);
    float *m = v + WINOGRAD_POINTS * plane(count, stride);

    CD_LEVEL_NAME(winograd_data_tiles)(map, first, count, v, plane(count, stride));
    for (size_t block = 0; block < vectors;) {
        const size_t width = winograd_block(vectors - block), columns = width * CD_LANES;
        for (size_t p = 0; p < WINOGRAD_POINTS; p++, kernel += map->c * columns)
            CD_LEVEL_NAME(winograd_product)(count, map->c, width, v + p * plane(count, stride),
                                            stride, kernel, m + p * plane(count, columns));
        CD_LEVEL_NAME(winograd_results_tiles)(target, block * CD_LANES, width, first, count, m,
                                              plane(count, columns));
        block += width;
    }
}

/* Rows first .. last-1 of tiles. */
static void convolve(const struct winograd_map *map, const float *kernel,
                     const struct winograd_target *target, size_t first, size_t last,
                     float *floats)
{
    const size_t begin = first * map->across, tiles = last * map->across - begin;
    const size_t blocks = up(tiles, BLOCK);

    for (size_t block = 0; block < blocks; block++) {
        const size_t from = tiles * block / blocks, to = tiles * (block + 1) / blocks;
        convolve_block(map, kernel, target, begin + from, to - from, align(floats));
    }
}

static void forward(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                    const float *bias, size_t first, size_t last, float *y, void *winners,
                    float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t across = of_layer(layer, CD_CONV_FORWARD).across;
    const size_t step = pooled(layer) ? 2 : WINOGRAD_STEP;
    const struct winograd_map map = {x, NULL, conv->h, conv->w, conv->ci,
                                     conv->window.top, conv->window.left, across};
    const struct winograd_target target = {
        y, winners, bias, last, pooled(layer) ? layer->pool.ow : conv->ow, conv->co, across,
        pooled(layer), layer->activation.kind == CNN_ACTIVATION_RELU};

    convolve(&map, kernel, &target, first / step, up(last, step), floats);
}

/* The gradient by the convolution's result, as tiles that begin top and left before each multiple of
 * the step. */
static struct winograd_map gradient_map(const struct cd_conv_layer *layer, const float *dy,
                                        const void *winners, size_t top, size_t left, size_t across)
{
    const struct cd_conv *of = pooled(layer) ? &layer->pool : &layer->conv;

    return (struct winograd_map){dy, pooled(layer) ? winners : NULL, of->oh, of->ow, of->co,
                                 top, left, across};
}

static void backward_data(const struct cd_conv_layer *layer, const float *dy, const void *winners,
                          const float *kernel, size_t first, size_t last, float *dx,
                          float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t across = of_layer(layer, CD_CONV_BACKWARD_DATA).across;
    const struct winograd_map map = gradient_map(layer, dy, winners, 2 - conv->window.top,
                                                 2 - conv->window.left, across);
    const struct winograd_target target = {dx, NULL, NULL, last, conv->w, conv->ci, across, 0, 0};

    convolve(&map, kernel, &target, first / WINOGRAD_STEP, up(last, WINOGRAD_STEP), floats);
}

/* ---- backward kernel ---- */

/* The sums of one pair of rows of points, for a slice of the channels of y. */
struct sums {
    size_t ci, o, channels, columns; /* a plane is ci x columns, channels in whole vectors */
    size_t block;                    /* tiles, at most */
    float *sums, *v;
};

/* Gradients and sums lie in blocks of columns, each with all of its rows: what a product reads and
 * writes is in one piece. */
static void add_block(size_t pair, const struct winograd_map *x, const struct winograd_map *dy,
                      size_t first, size_t count, const struct sums *to)
{
    const size_t stride = whole_vectors(to->ci), vectors = winograd_vectors(to->channels);
    const size_t v_plane = plane(count, stride), d_plane = plane(count, to->columns);
    const size_t sums_plane = plane(to->ci, to->columns);
    float *d = to->v + WINOGRAD_PAIR * v_plane;

    CD_LEVEL_NAME(winograd_data_tiles_of)(pair, x, first, count, to->v, v_plane);
    for (size_t k = 0; k < vectors; k += winograd_block(vectors - k)) {
        const size_t o = k * CD_LANES, columns = winograd_block(vectors - k) * CD_LANES;
        CD_LEVEL_NAME(winograd_gradient_tiles_of)(pair, dy, to->o + o,
                                                  smaller(columns, to->channels - o), first, count,
                                                  d + o * count, d_plane);
    }
    for (size_t p = 0; p < WINOGRAD_PAIR; p++)
        for (size_t k = 0; k < vectors; k += winograd_block(vectors - k))
            CD_LEVEL_NAME(winograd_outer)(to->ci, count, winograd_block(vectors - k),
                                          to->v + p * v_plane, stride,
                                          d + p * d_plane + k * CD_LANES * count,
                                          to->sums + p * sums_plane + k * CD_LANES * to->ci);
}

/* Adds the tiles of one picture. */
static void add_picture(size_t pair, const struct winograd_map *x, const struct winograd_map *dy,
                        size_t tiles, const struct sums *to)
{
    const size_t blocks = up(tiles, to->block);

    for (size_t block = 0; block < blocks; block++) {
        const size_t first = tiles * block / blocks;
        add_block(pair, x, dy, first, tiles * (block + 1) / blocks - first, to);
    }
}

/* Adds a row of the gradient to sums of whole vectors. */
static void add_row(const struct winograd_map *dy, size_t row, float *sums)
{
    for (size_t column = 0; column < dy->w; column++)
        for (size_t o = 0; o < dy->c; o += CD_LANES) {
            const size_t lanes = winograd_lanes(dy->c - o);
            const size_t at = (row * dy->w + column) * dy->c + o;
            cd_vf value = winograd_load(dy->values + at, lanes);
            if (dy->winner) {
                const cd_vi winner = winograd_load_bytes(dy->winner + at, lanes);
                value = cd_vf_select(cd_vi_equal(winner, cd_vi_all(4)), cd_vf_zero(), value);
            }
            cd_vf_store(sums + o, cd_vf_load(sums + o) + value);
        }
}

/* Adds a picture's gradient to sums, each row on its own first, so that no sum is a long one. */
static void add_bias(const struct winograd_map *dy, float *sums)
{
    const size_t n = whole_vectors(dy->c);
    float *row_sums = sums + n;

    for (size_t row = 0; row < dy->h; row++) {
        memset(row_sums, 0, n * sizeof *row_sums);
        add_row(dy, row, row_sums);
        for (size_t o = 0; o < n; o += CD_LANES)
            cd_vf_store(sums + o, cd_vf_load(sums + o) + cd_vf_load(row_sums + o));
    }
}

/* Picture i of a batch. */
static struct winograd_map picture(const struct winograd_map *first, size_t i)
{
    const size_t offset = i * first->h * first->w * first->c;
    struct winograd_map map = *first;

    map.values += offset;
    if (map.winner)
        map.winner += offset;
    return map;
}

/* A slice of dkernel, pair by pair. */
static void differentiate(const struct winograd_map *x, const struct winograd_map *dy, size_t n,
                          size_t tiles, const struct sums *to, float *dkernel)
{
    const size_t sums_plane = plane(to->ci, to->columns);
    const size_t vectors = winograd_vectors(to->channels);

    for (size_t pair = 0; pair < WINOGRAD_PAIRS; pair++) {
        memset(to->sums, 0, WINOGRAD_PAIR * sums_plane * sizeof *to->sums);
        for (size_t i = 0; i < n; i++) {
            const struct winograd_map x_i = picture(x, i), dy_i = picture(dy, i);
            add_picture(pair, &x_i, &dy_i, tiles, to);
        }
        for (size_t k = 0; k < vectors; k += winograd_block(vectors - k)) {
            const size_t o = k * CD_LANES, columns = winograd_block(vectors - k) * CD_LANES;
            CD_LEVEL_NAME(winograd_kernel_back)(pair, to->ci, dy->c, to->o + o,
                                                smaller(columns, to->channels - o),
                                                to->sums + o * to->ci, sums_plane, dkernel);
        }
    }
}

static void backward_kernel(const struct cd_conv_layer *layer, size_t n, const float *x,
                            const float *dy, const void *winners, float *dkernel, float *dbias,
                            float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const struct work work = of_layer(layer, CD_CONV_BACKWARD_KERNEL);
    const struct winograd_map xs = {x, NULL, conv->h, conv->w, conv->ci,
                                    conv->window.top, conv->window.left, work.across};
    const struct winograd_map dys = gradient_map(layer, dy, winners, 0, 0, work.across);
    float *bias = align(floats), *sums = bias + 2 * whole_vectors(conv->co);
    const size_t slice = slice_of(&work);

    for (size_t o = 0; o < conv->co; o += slice) {
        const size_t channels = smaller(slice, conv->co - o), columns = whole_vectors(channels);
        const struct sums to = {conv->ci, o, channels, columns, tiles_of_slice(&work),
                                sums, sums + WINOGRAD_PAIR * plane(conv->ci, columns)};
        differentiate(&xs, &dys, n, work.rows * work.across, &to, dkernel);
    }
    if (!dbias)
        return;
    memset(bias, 0, whole_vectors(conv->co) * sizeof *bias);
    for (size_t i = 0; i < n; i++) {
        const struct winograd_map gradient = picture(&dys, i);
        add_bias(&gradient, bias);
    }
    memcpy(dbias, bias, conv->co * sizeof *dbias);
}

const struct cd_conv_algorithm CD_LEVEL_NAME(winograd) = {
    .name = "winograd",
    .cost = cost,
    .kept = kept,
    .keeps_activation = pooled,
    .prepared = prepared,
    .prepare = prepare,
    .scratch = scratch,
    .rows = rows,
    .forward = forward,
    .backward_data = backward_data,
    .backward_kernel = backward_kernel,
};

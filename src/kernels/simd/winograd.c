/* SPDX-License-Identifier: MIT
 *
 * The algorithm "winograd" (winograd.h): which layers it supports, its cost model, and the passes
 * forward and backward data. Both passes are the same procedure. It works on blocks of about 48
 * tiles, so that their points stay in the second-level cache:
 *
 *     inputs of the tiles -> v[36][tiles][input channels]
 *     for each block of output channels
 *         for each point: m[point] = v[point] u[block][point]
 *         m[36][tiles][channels of the block] -> outputs */
#include "kernels/simd/winograd_work.h"

enum { TILES = 48 }; /* approximate number of tiles in a block */

/* ---- supported layers and cost ---- */

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
    return !winograd_pooled(layer) ||
           (window_is(pool, 2, 2) && pool->top == 0 && pool->bottom == 0 && pool->left == 0 &&
            pool->right == 0);
}

/* The cost model. Transforming one vector of channels of a tile costs as much as 300 multiply-adds
 * of a vector. For each block of tiles, reading a vector of the transformed kernel costs 8; in
 * backward kernel, reading and writing a vector of sums costs 16. The products run at 85 % of the
 * peak. */
static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct winograd_work work = winograd_work_of(layer, pass);
    const double tiles = (double)work.rows * (double)work.across;
    const double ci = (double)work.ci, co = (double)winograd_whole(work.co);
    const double together = TILES / tiles >= 2 ? floor(TILES / tiles) : 1;
    const double blocks = (double)cd_divide_up(work.rows * work.across, TILES) / together;
    const double fetch = pass == CD_CONV_BACKWARD_KERNEL ? 16 : 8;

    /* Layers with so few channels take little time anyway, and direct convolution has smaller
     * rounding errors. */
    const double few = work.ci < 16 && work.co < 16 ? 8 : 1;

    if (!supported(layer))
        return 0;
    return few * (tiles * WINOGRAD_POINTS * ci * co / 0.85 +
                  tiles * 300 * (co + (double)winograd_whole(work.ci)) +
                  blocks * fetch * WINOGRAD_POINTS * ci * co);
}

static size_t kept(const struct cd_conv_layer *layer)
{
    return winograd_pooled(layer) ? layer->pool.oh * layer->pool.ow * layer->pool.co : 0;
}

static size_t prepared(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct winograd_work work = winograd_work_of(layer, pass);

    return pass == CD_CONV_BACKWARD_KERNEL
               ? 0
               : WINOGRAD_POINTS * work.ci * winograd_whole(work.co);
}

static void prepare(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *to)
{
    if (pass == CD_CONV_BACKWARD_DATA)
        CD_LEVEL_NAME(winograd_rotated_kernel)(layer->conv.ci, layer->conv.co, kernel, to);
    else
        CD_LEVEL_NAME(winograd_kernel)(layer->conv.ci, layer->conv.co, kernel, to);
}

/* Divides an image into work items of about equal height, with at most one block of tiles each. */
static size_t rows(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct winograd_work work = winograd_work_of(layer, pass);
    const size_t most = TILES / work.across ? TILES / work.across : 1;
    const size_t together = cd_divide_up(work.rows, cd_divide_up(work.rows, most));

    return together * (winograd_pooled(layer) && pass == CD_CONV_FORWARD ? 2 : WINOGRAD_STEP);
}

/* Returns how many images share a block of tiles. Small images do, so that the kernel is read less
 * often. */
static size_t images(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct winograd_work work = winograd_work_of(layer, pass);
    const size_t fit = TILES / (work.rows * work.across);

    return fit ? fit : 1;
}

static size_t channel_blocks(const struct cd_conv_layer *layer)
{
    return winograd_blocks(layer->conv.co);
}

/* A work item may have any number of rows, because it is processed in blocks of at most TILES
 * tiles. */
static size_t scratch(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct winograd_work work = winograd_work_of(layer, pass);

    if (pass == CD_CONV_BACKWARD_KERNEL)
        return CD_LEVEL_NAME(winograd_gradient_scratch)(&work);
    return WINOGRAD_GAP + WINOGRAD_POINTS * (winograd_plane(TILES, winograd_whole(work.ci)) +
                                             winograd_plane(TILES, 3 * CD_LANES));
}

/* ---- forward and backward data ---- */

/* Computes one block of output channels for `count` tiles. v: the points of their inputs. */
static void convolve_channels(const struct winograd_map *map, const float *kernel,
                              const struct winograd_target *target, size_t block, size_t first,
                              size_t count, const float *v, float *m)
{
    const size_t stride = winograd_whole(map->c), vector = block * WINOGRAD_BLOCK;
    const size_t width = winograd_block(cd_vectors(target->c) - vector), columns = width * CD_LANES;

    kernel += WINOGRAD_POINTS * map->c * vector * CD_LANES;
    for (size_t p = 0; p < WINOGRAD_POINTS; p++, kernel += map->c * columns)
        CD_LEVEL_NAME(winograd_product)(count, map->c, width, v + p * winograd_plane(count, stride),
                                        stride, kernel, m + p * winograd_plane(count, columns));
    CD_LEVEL_NAME(winograd_results_tiles)(target, vector * CD_LANES, width, first, count, m,
                                          winograd_plane(count, columns));
}

static void convolve_tiles(const struct winograd_map *map, const float *kernel,
                           const struct winograd_target *target, const struct cd_conv_item *item,
                           size_t first, size_t count, float *v)
{
    const size_t plane = winograd_plane(count, winograd_whole(map->c));

    CD_LEVEL_NAME(winograd_data_tiles)(map, first, count, v, plane);
    for (size_t block = item->first_block; block < item->last_block; block++)
        convolve_channels(map, kernel, target, block, first, count, v, v + WINOGRAD_POINTS * plane);
}

/* Computes a work item block by block. item->first and item->last are rows of tiles. */
static void convolve(const struct winograd_map *map, const float *kernel,
                     const struct winograd_target *target, const struct cd_conv_item *item,
                     float *floats)
{
    const size_t begin = item->first * map->across;
    const size_t tiles = item->n * (item->last - item->first) * map->across;
    const size_t blocks = cd_divide_up(tiles, TILES);

    for (size_t block = 0; block < blocks; block++) {
        const size_t from = tiles * block / blocks, to = tiles * (block + 1) / blocks;
        convolve_tiles(map, kernel, target, item, begin + from, to - from, cd_first_line(floats));
    }
}

static void forward(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *winners,
                    float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const struct cd_conv *out = winograd_pooled(layer) ? &layer->pool : conv;
    const struct winograd_work work = winograd_work_of(layer, CD_CONV_FORWARD);
    const size_t step = winograd_pooled(layer) ? 2 : WINOGRAD_STEP;
    const struct winograd_map map = {x, NULL, conv->h, conv->w, conv->ci,
                                     conv->window.top, conv->window.left, work.across, work.rows};
    const struct winograd_target target = {
        y, winners, bias, item->last, out->oh, out->ow, conv->co, work.across, work.rows,
        winograd_pooled(layer), layer->activation.kind == CNN_ACTIVATION_RELU};
    const struct cd_conv_item of_tiles = {item->n, item->first / step,
                                           cd_divide_up(item->last, step), item->first_block,
                                           item->last_block};

    convolve(&map, kernel, &target, &of_tiles, floats);
}

static void backward_data(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                          const float *dy, const void *winners, const float *kernel, float *dx,
                          float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const struct winograd_work work = winograd_work_of(layer, CD_CONV_BACKWARD_DATA);
    const struct winograd_map map = winograd_gradient_map(layer, dy, winners, 2 - conv->window.top,
                                                          2 - conv->window.left, &work);
    const struct winograd_target target = {dx, NULL, NULL, item->last, conv->h, conv->w, conv->ci,
                                           work.across, work.rows, 0, 0};
    const struct cd_conv_item of_tiles = {item->n, item->first / WINOGRAD_STEP,
                                           cd_divide_up(item->last, WINOGRAD_STEP), 0,
                                           winograd_blocks(conv->ci)};

    convolve(&map, kernel, &target, &of_tiles, floats);
}

const struct cd_conv_algorithm CD_LEVEL_NAME(winograd) = {
    .name = "winograd",
    .cost = cost,
    .kept = kept,
    .keeps_activation = winograd_pooled,
    .prepared = prepared,
    .prepare = prepare,
    .scratch = scratch,
    .rows = rows,
    .images = images,
    .channel_blocks = channel_blocks,
    .forward = forward,
    .backward_data = backward_data,
    .gradient_blocks = CD_LEVEL_NAME(winograd_gradient_blocks),
    .backward_kernel = CD_LEVEL_NAME(winograd_backward_kernel),
};

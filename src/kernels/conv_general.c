/* SPDX-License-Identifier: MIT
 *
 * The algorithm that supports every layer, by the table's kernels for convolution and pooling. */
#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "kernels/conv.h"

size_t cd_conv_one_image(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    (void)layer, (void)pass;
    return 1;
}

size_t cd_conv_one_block(const struct cd_conv_layer *layer)
{
    (void)layer;
    return 1;
}

enum { ROWS = 8 }; /* approximate rows of the convolution's feature map in a forward work item */

static int is_pooled(const struct cd_conv_layer *layer)
{
    return layer->pool.co != 0;
}

static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    /* efficiency: the speed of a good matrix product, relative to the peak. line: the cost of
     * copying a row of a patch. element: the cost of each of its elements. Costs are in
     * multiply-adds. */
    static const double efficiency = 0.75, line = 300, element = 6;
    const struct cd_conv *conv = &layer->conv;
    const double patch = (double)(conv->window.kh * conv->window.kw * conv->ci);

    (void)pass;
    return (double)(conv->oh * conv->ow) * (patch * (double)conv->co / efficiency +
                                            line * (double)conv->window.kh + element * patch);
}

/* Returns the bytes of one image's winners: the index of each window's maximum in the feature
 * map. */
static size_t kept(const struct cd_conv_layer *layer)
{
    const struct cd_conv *pool = &layer->pool;
    return cd_product(cd_product(pool->oh * pool->ow, pool->co), sizeof(uint32_t));
}

static int keeps_activation(const struct cd_conv_layer *layer)
{
    (void)layer;
    return 0;
}

static size_t prepared(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    (void)layer, (void)pass;
    return 0;
}

static void prepare(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *to)
{
    (void)layer, (void)pass, (void)kernel, (void)to;
}

static size_t rows(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    if (pass == CD_CONV_BACKWARD_DATA)
        return layer->conv.h;
    if (!is_pooled(layer))
        return ROWS;
    return layer->pool.window.sh < ROWS ? ROWS / layer->pool.window.sh : 1;
}

/* Returns the size in floats of the feature map in scratch. Forward, these are only the rows under
 * the pooled rows of one work item. */
static size_t map_size(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *pool = &layer->pool;
    size_t lines = pool->h;

    if (pass == CD_CONV_FORWARD && is_pooled(layer))
        lines = (rows(layer, pass) - 1) * pool->window.sh + pool->window.kh;
    return (lines < pool->h ? lines : pool->h) * pool->w * pool->ci;
}

/* The kernels' scratch, followed by the feature map. */
static size_t scratch_size(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    return cd_sum(layer->kernels->conv_scratch(&layer->conv), map_size(layer, pass));
}

static float *map_in(const struct cd_conv_layer *layer, float *scratch)
{
    return scratch + layer->kernels->conv_scratch(&layer->conv);
}

/* Computes some rows of the convolution's feature map in scratch and pools them while they are in
 * the cache. */
static void forward_pooled(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                           const float *bias, size_t first, size_t last, float *y,
                           uint32_t *winner, float *scratch)
{
    const struct cd_conv *pool = &layer->pool;
    const size_t begin = first * pool->window.sh, top = pool->window.top; /* rows with padding */
    const size_t end = (last - 1) * pool->window.sh + pool->window.kh;
    const size_t from = begin > top ? begin - top : 0; /* rows of the feature map */
    const size_t to = end - top < pool->h ? end - top : pool->h;
    const size_t at = first * pool->ow * pool->co;
    float *map = map_in(layer, scratch);
    struct cd_conv part = *pool;

    part.h = to - from;
    part.oh = last - first;
    part.window.top = begin < top ? top - begin : 0;
    layer->kernels->conv_forward(&layer->conv, layer->activation, x, kernel, bias, from, to, map,
                                 scratch);
    layer->kernels->max_pool_forward(&part, map, y + at, winner ? winner + at : NULL);
    for (size_t i = 0; winner && i < part.oh * pool->ow * pool->co; i++)
        winner[at + i] += (uint32_t)(from * pool->w * pool->ci); /* index in the whole map */
}

static void forward(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *winner,
                    float *scratch)
{
    const struct cd_conv *conv = &layer->conv;

    if (is_pooled(layer))
        forward_pooled(layer, x, kernel, bias, item->first, item->last, y, winner, scratch);
    else
        layer->kernels->conv_forward(conv, layer->activation, x, kernel, bias, item->first,
                                     item->last, y + item->first * conv->ow * conv->co, scratch);
}

/* Returns an image's gradient by the convolution's feature map. */
static const float *map_gradient(const struct cd_conv_layer *layer, const float *dy,
                                 const void *winner, float *scratch)
{
    if (!is_pooled(layer))
        return dy;
    layer->kernels->max_pool_backward(&layer->pool, dy, winner, map_in(layer, scratch));
    return map_in(layer, scratch);
}

static void backward_data(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                          const float *dy, const void *winner, const float *kernel, float *dx,
                          float *scratch)
{
    (void)item; /* always one image, all rows */
    layer->kernels->conv_backward_data(&layer->conv, map_gradient(layer, dy, winner, scratch),
                                       kernel, dx, scratch);
}

static void backward_kernel(const struct cd_conv_layer *layer, size_t block, size_t n,
                            const float *x, const float *dy, const void *winner, float *dkernel,
                            float *dbias, float *scratch)
{
    const struct cd_conv *conv = &layer->conv, *out = is_pooled(layer) ? &layer->pool : conv;
    const size_t in_size = conv->h * conv->w * conv->ci, out_size = out->oh * out->ow * out->co;
    const char *winners = winner;

    (void)block; /* there is only one */
    memset(dkernel, 0, conv->window.kh * conv->window.kw * conv->ci * conv->co * sizeof *dkernel);
    if (dbias)
        memset(dbias, 0, conv->co * sizeof *dbias);
    for (size_t i = 0; i < n; i++)
        layer->kernels->conv_backward_kernel(
            conv, x + i * in_size,
            map_gradient(layer, dy + i * out_size, winners + i * kept(layer), scratch), dkernel,
            dbias, scratch);
}

const struct cd_conv_algorithm cd_conv_general = {
    .name = "im2col",
    .cost = cost,
    .kept = kept,
    .keeps_activation = keeps_activation,
    .prepared = prepared,
    .prepare = prepare,
    .scratch = scratch_size,
    .rows = rows,
    .images = cd_conv_one_image,
    .channel_blocks = cd_conv_one_block,
    .forward = forward,
    .backward_data = backward_data,
    .gradient_blocks = cd_conv_one_block,
    .backward_kernel = backward_kernel,
};

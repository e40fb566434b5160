/* SPDX-License-Identifier: MIT
 *
 * The convolution algorithm that supports every layer. It calls the convolution and pooling kernels
 * of the table. */
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

enum { ROWS = 8 }; /* rows of the convolution's output in a forward work item, approximately */

static int is_pooled(const struct cd_conv_layer *layer)
{
    return layer->pool.co != 0;
}

static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    /* The cost model. efficiency: speed of a good matrix product relative to the peak. line: cost
     * of copying one row of a patch, in multiply-adds. element: cost of copying one element, in
     * multiply-adds. */
    static const double efficiency = 0.75, line = 300, element = 6;
    const struct cd_conv *conv = &layer->conv;
    const double patch = (double)(conv->window.kh * conv->window.kw * conv->ci);

    (void)pass;
    return (double)(conv->oh * conv->ow) * (patch * (double)conv->co / efficiency +
                                            line * (double)conv->window.kh + element * patch);
}

/* Returns the size in bytes of the winners of one image. A winner is the index of the maximum of a
 * pooling window in the feature map before pooling. */
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

/* Returns the size in floats of the convolution's output that is stored in scratch. In the forward
 * pass, these are only the rows that one work item pools. */
static size_t map_size(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *pool = &layer->pool;
    size_t lines = pool->h;

    if (pass == CD_CONV_FORWARD && is_pooled(layer))
        lines = (rows(layer, pass) - 1) * pool->window.sh + pool->window.kh;
    return (lines < pool->h ? lines : pool->h) * pool->w * pool->ci;
}

/* Scratch consists of the scratch of the convolution kernels, followed by the feature map before
 * pooling. */
static size_t scratch_size(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    return cd_sum(layer->kernels->conv_scratch(&layer->conv), map_size(layer, pass));
}

static float *map_in(const struct cd_conv_layer *layer, float *scratch)
{
    return scratch + layer->kernels->conv_scratch(&layer->conv);
}

/* Computes rows first .. last-1 of y. The rows of the convolution that they depend on are computed
 * into scratch and pooled while they are in the cache. */
static void forward_pooled(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                           const float *bias, size_t first, size_t last, float *y,
                           uint32_t *winner, float *scratch)
{
    const struct cd_conv *pool = &layer->pool;
    /* begin, end: rows including the padding */
    const size_t begin = first * pool->window.sh, top = pool->window.top;
    const size_t end = (last - 1) * pool->window.sh + pool->window.kh;
    const size_t from = begin > top ? begin - top : 0; /* from, to: rows without the padding */
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
        /* index in the whole feature map */
        winner[at + i] += (uint32_t)(from * pool->w * pool->ci);
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

/* Returns one image's gradient with respect to the convolution's output, before pooling. */
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

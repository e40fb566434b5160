/* SPDX-License-Identifier: MIT
 *
 * The algorithm "direct" (direct.h): which layers it supports, its cost model, and the calls of its
 * parts. */
#include "kernels/simd/direct.h"
#include "kernels/simd/simd.h"

enum { MOST_CHANNELS = 4, MOST_WINDOW = 7, ROWS = 8 };

static int pooled(const struct cd_conv_layer *layer)
{
    return layer->pool.co != 0;
}

static int supported(const struct cd_conv_layer *layer)
{
    const struct cd_window *conv = &layer->conv.window, *pool = &layer->pool.window;

    if (layer->conv.ci > MOST_CHANNELS || conv->kh > MOST_WINDOW || conv->kw > MOST_WINDOW)
        return 0;
    if (layer->activation.kind != CNN_ACTIVATION_NONE &&
        layer->activation.kind != CNN_ACTIVATION_RELU)
        return 0;
    return !pooled(layer) || (pool->kh == 2 && pool->kw == 2 && pool->sh == 2 && pool->sw == 2 &&
                              pool->top == 0 && pool->bottom == 0 && pool->left == 0 &&
                              pool->right == 0);
}

/* Returns 1 if the forward pass uses F(2 x 2, 3 x 3): 3 x 3 windows on grey or RGB images. */
static int by_squares(const struct cd_conv_layer *layer)
{
    const struct cd_window *window = &layer->conv.window;
    return (layer->conv.ci == 1 || layer->conv.ci == 3) && window->kh == 3 && window->kw == 3 &&
           window->sh == 1 && window->sw == 1;
}

/* The cost model. For each vector of a square, the forward pass executes 16 ci multiply-adds, 16
 * additions and about 24 instructions for the output. Backward kernel processes one output of each
 * pooling window. Both are assumed to run at 70 % of the peak. */
static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv, *out = pooled(layer) ? &layer->pool : conv;
    const double ci = (double)conv->ci, results = (double)(out->oh * out->ow);
    const double co = (double)(cd_vectors(conv->co) * CD_LANES);
    const double taps = (double)(conv->window.kh * conv->window.kw) * ci;

    if (!supported(layer) || pass == CD_CONV_BACKWARD_DATA)
        return 0;
    if (pass == CD_CONV_BACKWARD_KERNEL)
        return results * (double)conv->co * (double)cd_round_up((size_t)taps + 1, CD_LANES) / 0.7;
    if (by_squares(layer))
        return results * (pooled(layer) ? 1.0 : 0.25) * co * (16 * ci + 16 + 24) / 0.7;
    return results * (pooled(layer) ? 4 : 1) * co * (taps + 6) / 0.7;
}

static size_t kept(const struct cd_conv_layer *layer)
{
    return pooled(layer) ? layer->pool.oh * layer->pool.ow * layer->pool.co : 0;
}

static size_t prepared(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    if (pass != CD_CONV_FORWARD)
        return 0;
    return by_squares(layer) ? CD_LEVEL_NAME(direct_square_prepared)(layer)
                             : CD_LEVEL_NAME(direct_taps_prepared)(layer);
}

static void prepare(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *to)
{
    (void)pass; /* only the forward pass has a prepared kernel */
    if (by_squares(layer))
        CD_LEVEL_NAME(direct_square_prepare)(layer, kernel, to);
    else
        CD_LEVEL_NAME(direct_taps_prepare)(layer, kernel, to);
}

static size_t scratch(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    if (pass == CD_CONV_BACKWARD_KERNEL)
        return CD_LEVEL_NAME(direct_gradient_scratch)(layer);
    return by_squares(layer) ? CD_LEVEL_NAME(direct_square_scratch)(layer)
                             : CD_LEVEL_NAME(direct_taps_scratch)(layer);
}

static size_t rows(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    (void)layer, (void)pass;
    return ROWS;
}

static void forward(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *winners,
                    float *floats)
{
    if (by_squares(layer))
        CD_LEVEL_NAME(direct_square_forward)(layer, x, kernel, bias, item->first, item->last, y,
                                             winners, floats);
    else
        CD_LEVEL_NAME(direct_taps_forward)(layer, x, kernel, bias, item->first, item->last, y,
                                           winners, floats);
}

static void backward_kernel(const struct cd_conv_layer *layer, size_t block, size_t n,
                            const float *x, const float *dy, const void *winners, float *dkernel,
                            float *dbias, float *floats)
{
    (void)block; /* there is only one */
    CD_LEVEL_NAME(direct_gradient)(layer, n, x, dy, winners, dkernel, dbias, floats);
}

const struct cd_conv_algorithm CD_LEVEL_NAME(direct) = {
    .name = "direct",
    .cost = cost,
    .kept = kept,
    .keeps_activation = pooled,
    .prepared = prepared,
    .prepare = prepare,
    .scratch = scratch,
    .rows = rows,
    .images = cd_conv_one_image,
    .channel_blocks = cd_conv_one_block,
    .forward = forward,
    .gradient_blocks = cd_conv_one_block,
    .backward_kernel = backward_kernel,
};

/* SPDX-License-Identifier: MIT
 *
 * The algorithm "blocked" (blocked.h): the cost model and the forward pass. */
#include "kernels/simd/blocked.h"
#include "kernels/simd/simd.h"

/* The cost model: products run at 80 % of the peak, storing a vector costs 10 multiply-adds, and
 * copying a float of a band costs 6. */
static double cost(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv;
    const double taps = (double)(conv->window.kh * conv->window.kw);
    const double places = (double)(conv->oh * conv->ow);
    const double vectors = (double)cd_round_up(
        pass == CD_CONV_BACKWARD_DATA ? conv->ci : conv->co, CD_LANES);
    const double depth = taps * (double)(pass == CD_CONV_BACKWARD_DATA ? conv->co : conv->ci);

    const struct blocked_band band = blocked_under(conv, 0, conv->oh);
    const double copied = blocked_inside(&band, conv->h, conv->w)
                              ? 0
                              : (double)(conv->h * conv->w * conv->ci);

    if (layer->pool.co)
        return 0;
    return places * vectors * (depth / 0.8 + 10) + 6 * copied;
}

static size_t kept(const struct cd_conv_layer *layer)
{
    (void)layer;
    return 0;
}

static int keeps_activation(const struct cd_conv_layer *layer)
{
    (void)layer;
    return 0;
}

static size_t taps_of(const struct cd_conv *conv)
{
    return conv->window.kh * conv->window.kw * conv->ci;
}

static size_t prepared(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    if (pass == CD_CONV_FORWARD)
        return blocked_panels(taps_of(&layer->conv), layer->conv.co);
    return pass == CD_CONV_BACKWARD_DATA ? CD_LEVEL_NAME(blocked_data_prepared)(&layer->conv) : 0;
}

static void prepare(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *to)
{
    const size_t taps = taps_of(&layer->conv), co = layer->conv.co;

    if (pass == CD_CONV_BACKWARD_DATA)
        CD_LEVEL_NAME(blocked_data_prepare)(&layer->conv, kernel, to);
    else
        for (size_t o = 0; o < co; o += CD_TILE_COLUMNS)
            CD_LEVEL_NAME(gemm_pack_rows)(kernel + o, co, taps,
                                          cd_smaller(co - o, CD_TILE_COLUMNS), to + o * taps);
}

static size_t rows(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    return pass == CD_CONV_BACKWARD_DATA ? CD_LEVEL_NAME(blocked_data_rows)(&layer->conv)
                                         : blocked_rows_of_y(&layer->conv);
}

/* Returns how many images share a work item. Small images do, so that the kernel is read from
 * memory less often. */
static size_t images(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t all = pass == CD_CONV_BACKWARD_DATA ? conv->h : conv->oh;
    const size_t fit = BLOCKED_PLACES / (conv->oh * conv->ow);

    return fit > 1 && rows(layer, pass) >= all ? fit : 1;
}

static size_t scratch(const struct cd_conv_layer *layer, enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv;

    if (pass == CD_CONV_BACKWARD_KERNEL)
        return CD_LEVEL_NAME(blocked_gradient_scratch)(conv);
    if (pass == CD_CONV_BACKWARD_DATA)
        return CD_LEVEL_NAME(blocked_data_scratch)(conv, images(layer, pass));
    const struct blocked_band band = blocked_under(conv, 0, blocked_rows_of_y(conv));
    return images(layer, pass) * band.rows * band.columns * conv->ci;
}

static void forward(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *winners,
                    float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const struct cd_window *window = &conv->window;
    const struct blocked_band band = blocked_under(conv, item->first, item->last);
    const struct blocked_rows from =
        CD_LEVEL_NAME(blocked_take)(&band, item->n, conv->h, conv->w, conv->ci, x, floats);
    const size_t row = conv->ow * conv->co, rows = item->last - item->first;
    struct blocked_product product = {
        .a = from.at,
        .a_column = window->sw * conv->ci,
        .a_row = window->sh * from.line,
        .a_image = from.image,
        .lines = window->kh,
        .a_line = from.line,
        .depth = window->kw * conv->ci,
        .b = kernel,
        .c = y + item->first * row,
        .c_column = conv->co,
        .c_row = row,
        .c_image = conv->oh * row,
        .n = item->n,
        .rows = rows,
        .columns = conv->ow,
        .channels = conv->co,
    };

    (void)winners; /* this algorithm does not support pooling */
    /* all rows are contiguous: treat them as a single row */
    if (product.a_row == product.columns * product.a_column) {
        product.columns *= product.rows;
        product.rows = 1;
    }
    CD_LEVEL_NAME(blocked_multiply)(&product);
    for (size_t i = 0; i < item->n; i++)
        if (bias || layer->activation.kind != CNN_ACTIVATION_NONE) {
            float *to = product.c + i * product.c_image;
            layer->kernels->activation_forward(layer->activation, rows * conv->ow, conv->co, bias,
                                               to, to);
        }
}

static void backward_data(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                          const float *dy, const void *winners, const float *kernel, float *dx,
                          float *floats)
{
    (void)winners;
    CD_LEVEL_NAME(blocked_data)(&layer->conv, item->n, dy, kernel, item->first, item->last, dx,
                                floats);
}

static size_t gradient_blocks(const struct cd_conv_layer *layer)
{
    return CD_LEVEL_NAME(blocked_gradient_blocks)(&layer->conv);
}

static void backward_kernel(const struct cd_conv_layer *layer, size_t block, size_t n,
                            const float *x, const float *dy, const void *winners, float *dkernel,
                            float *dbias, float *floats)
{
    (void)winners;
    CD_LEVEL_NAME(blocked_gradient)(&layer->conv, block, n, x, dy, dkernel, dbias, floats);
}

const struct cd_conv_algorithm CD_LEVEL_NAME(blocked) = {
    .name = "blocked",
    .cost = cost,
    .kept = kept,
    .keeps_activation = keeps_activation,
    .prepared = prepared,
    .prepare = prepare,
    .scratch = scratch,
    .rows = rows,
    .images = images,
    .channel_blocks = cd_conv_one_block,
    .forward = forward,
    .backward_data = backward_data,
    .gradient_blocks = gradient_blocks,
    .backward_kernel = backward_kernel,
};

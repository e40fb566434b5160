/* SPDX-License-Identifier: MIT
 *
 * Backward kernel of the algorithm "blocked". For some rows of y at a time, a panel of dy (two
 * vectors of channels) is packed and stays in the first-level cache. x is read in place. */
#include <string.h>

#include "kernels/simd/blocked.h"

/* The gradient of a kernel with at least LARGE weights is computed in up to MOST_BLOCKS gradient
 * blocks (conv.h). Threads can then compute different blocks, so fewer partial sums of the whole
 * gradient have to be added. */
enum { LARGE = 1 << 16, MOST_BLOCKS = 4 };

static size_t panels_of(const struct cd_conv *conv)
{
    return cd_divide_up(conv->co, CD_TILE_COLUMNS);
}

/* Returns the number of output channels of a gradient block. */
static size_t block_channels(const struct cd_conv *conv)
{
    const size_t size = conv->window.kh * conv->window.kw * conv->ci * conv->co;
    const size_t blocks = size < LARGE ? 1 : MOST_BLOCKS;

    return cd_divide_up(panels_of(conv), blocks) * CD_TILE_COLUMNS;
}

size_t CD_LEVEL_NAME(blocked_gradient_blocks)(const struct cd_conv *conv)
{
    return cd_divide_up(conv->co, block_channels(conv));
}

/* Scratch consists of a panel of dy, followed by a band of x. */
static size_t panel_size(const struct cd_conv *conv)
{
    return blocked_rows_of_y(conv) * conv->ow * CD_TILE_COLUMNS;
}

size_t CD_LEVEL_NAME(blocked_gradient_scratch)(const struct cd_conv *conv)
{
    const struct blocked_band band = blocked_under(conv, 0, blocked_rows_of_y(conv));

    return panel_size(conv) + band.rows * band.columns * conv->ci;
}

/* Adds the gradient of some rows of one panel of dy to dkernel, channels from o on. x: the band
 * that these rows of y are computed from. */
static void add_panel(const struct cd_conv *conv, const struct blocked_rows *x, const float *panel,
                      size_t rows, size_t o, float *dkernel)
{
    const struct cd_window *window = &conv->window;
    const size_t line = window->kw * conv->ci;
    struct cd_panel_product product = {
        .tile = {.a_row = 1,
                 .a_step = window->sw * conv->ci,
                 .a_line = window->sh * x->line,
                 .lines_after = rows - 1,
                 .b = panel,
                 .b_step = CD_TILE_COLUMNS,
                 .ahead = (const char *)panel},
        .rows = line,
        .columns = cd_smaller(conv->co - o, CD_TILE_COLUMNS),
        .depth = conv->ow,
        .add = 1,
        .ldc = conv->co,
    };

    for (size_t i = 0; i < window->kh; i++) {
        product.tile.a = x->at + i * x->line;
        product.c = dkernel + i * line * conv->co + o;
        CD_LEVEL_NAME(gemm_panel)(&product);
    }
}

/* Adds the sum of the rows of a panel to dbias. */
static void add_bias(const float *panel, size_t places, size_t channels, float *dbias)
{
    for (size_t v = 0; v * CD_LANES < channels; v++) {
        const size_t lanes = cd_smaller(channels - v * CD_LANES, CD_LANES);
        cd_vf sum = cd_vf_zero();
        for (size_t i = 0; i < places; i++)
            sum += cd_vf_load(panel + i * CD_TILE_COLUMNS + v * CD_LANES);
        cd_vf_store_n(dbias + v * CD_LANES, cd_vf_load_n(dbias + v * CD_LANES, lanes) + sum, lanes);
    }
}

/* Adds the gradient of rows first .. last-1 of one image, channels begin .. end-1, to dkernel and
 * dbias. */
static void add_rows(const struct cd_conv *conv, const float *x, const float *dy, size_t first,
                     size_t last, size_t begin, size_t end, float *dkernel, float *dbias,
                     float *scratch)
{
    const struct blocked_band band = blocked_under(conv, first, last);
    const struct blocked_rows rows = CD_LEVEL_NAME(blocked_take)(
        &band, 1, conv->h, conv->w, conv->ci, x, scratch + panel_size(conv));
    const size_t places = (last - first) * conv->ow;

    for (size_t o = begin; o < end; o += CD_TILE_COLUMNS) {
        const size_t channels = cd_smaller(conv->co - o, CD_TILE_COLUMNS);
        CD_LEVEL_NAME(gemm_pack_rows)(dy + first * conv->ow * conv->co + o, conv->co, places,
                                      channels, scratch);
        add_panel(conv, &rows, scratch, last - first, o, dkernel);
        if (dbias)
            add_bias(scratch, places, channels, dbias + o);
    }
}

/* Sets channels begin .. end-1 of dkernel and dbias to 0. */
static void clear(const struct cd_conv *conv, size_t begin, size_t end, float *dkernel,
                  float *dbias)
{
    const size_t taps = conv->window.kh * conv->window.kw * conv->ci;

    for (size_t i = 0; i < taps; i++)
        memset(dkernel + i * conv->co + begin, 0, (end - begin) * sizeof *dkernel);
    if (dbias)
        memset(dbias + begin, 0, (end - begin) * sizeof *dbias);
}

void CD_LEVEL_NAME(blocked_gradient)(const struct cd_conv *conv, size_t block, size_t n,
                                     const float *x, const float *dy, float *dkernel, float *dbias,
                                     float *scratch)
{
    const size_t size = block_channels(conv), begin = block * size;
    const size_t end = cd_smaller(begin + size, conv->co), step = blocked_rows_of_y(conv);

    clear(conv, begin, end, dkernel, dbias);
    for (size_t i = 0; i < n; i++)
        for (size_t first = 0; first < conv->oh; first += step)
            add_rows(conv, x + i * conv->h * conv->w * conv->ci,
                     dy + i * conv->oh * conv->ow * conv->co, first,
                     cd_smaller(first + step, conv->oh), begin, end, dkernel, dbias, scratch);
}

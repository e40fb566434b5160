/* SPDX-License-Identifier: MIT
 *
 * Bands and products, which all passes of the algorithm "blocked" use (blocked.h). */
#include <string.h>

#include "kernels/simd/blocked.h"

/* ---- bands ---- */

/* Copies one row of a band from a row of the feature map, with zeros outside the map. */
static void copy_row(const struct blocked_band *band, size_t w, size_t c, const float *row,
                     float *to)
{
    const size_t left = band->column < 0 ? (size_t)-band->column : 0;
    const size_t from = band->column < 0 ? 0 : (size_t)band->column;
    const size_t before = cd_smaller(left, band->columns);
    const size_t there = from < w ? cd_smaller(w - from, band->columns - before) : 0;

    memset(to, 0, before * c * sizeof *to);
    memcpy(to + before * c, row + cd_smaller(from, w) * c, there * c * sizeof *to);
    memset(to + (before + there) * c, 0, (band->columns - before - there) * c * sizeof *to);
}

struct blocked_rows CD_LEVEL_NAME(blocked_take)(const struct blocked_band *band, size_t n, size_t h,
                                                size_t w, size_t c, const float *map, float *to)
{
    const size_t line = band->columns * c;

    if (blocked_inside(band, h, w))
        return (struct blocked_rows){map + ((size_t)band->row * w + (size_t)band->column) * c,
                                     w * c, h * w * c};
    for (size_t i = 0; i < n * band->rows; i++) {
        const ptrdiff_t row = band->row + (ptrdiff_t)(i % band->rows);
        const float *image = map + i / band->rows * h * w * c;
        if (row < 0 || (size_t)row >= h)
            memset(to + i * line, 0, line * sizeof *to);
        else
            copy_row(band, w, c, image + (size_t)row * w * c, to + i * line);
    }
    return (struct blocked_rows){to, line, band->rows * line};
}

/* ---- products ---- */

/* A chunk of each sum: several whole lines, or `depth` floats of one line beginning at `from`. Its
 * panel of b stays in the first-level cache. */
struct chunk {
    size_t line, lines, from, depth;
};

static void multiply_chunk(const struct blocked_product *product, const struct chunk *chunk,
                           size_t channel)
{
    const size_t taps = product->lines * product->depth;
    struct cd_panel_product panel = {
        .tile = {.a_row = product->a_column,
                 .a_step = 1,
                 .a_line = product->a_line,
                 .lines_after = chunk->lines - 1,
                 .b = product->b + channel * taps +
                      (chunk->line * product->depth + chunk->from) * CD_TILE_COLUMNS,
                 .b_step = CD_TILE_COLUMNS,
                 .ahead = (const char *)product->b},
        .rows = product->columns,
        .columns = cd_smaller(product->channels - channel, CD_TILE_COLUMNS),
        .depth = chunk->depth,
        .add = chunk->line > 0 || chunk->from > 0,
        .ldc = product->c_column,
    };

    for (size_t i = 0; i < product->n; i++)
        for (size_t row = 0; row < product->rows; row++) {
            panel.tile.a = product->a + i * product->a_image + row * product->a_row +
                           chunk->line * product->a_line + chunk->from;
            panel.c = product->c + i * product->c_image + row * product->c_row + channel;
            CD_LEVEL_NAME(gemm_panel)(&panel);
        }
}

/* A chunk consists of several whole lines if they are short. Long lines are divided into chunks of
 * equal size. */
void CD_LEVEL_NAME(blocked_multiply)(const struct blocked_product *product)
{
    const size_t chunks = cd_divide_up(product->depth, CD_GEMM_DEPTH);
    const size_t fit = CD_GEMM_DEPTH / product->depth, together = fit ? fit : 1;

    for (size_t channel = 0; channel < product->channels; channel += CD_TILE_COLUMNS)
        for (size_t line = 0; line < product->lines; line += together)
            for (size_t i = 0; i < chunks; i++) {
                const size_t from = product->depth * i / chunks;
                const struct chunk chunk = {line, cd_smaller(together, product->lines - line), from,
                                            product->depth * (i + 1) / chunks - from};
                multiply_chunk(product, &chunk, channel);
            }
}

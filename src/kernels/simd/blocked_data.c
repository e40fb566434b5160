/* SPDX-License-Identifier: MIT
 *
 * Backward data of the algorithm "blocked". In one dimension, with a window of size k, stride s and
 * padding `top`, dx[h] is the sum of dy[r] kernel[i] over all r and i with h + top = r s + i.
 *
 * Let h + top = u s + a with 0 <= a < s. The taps with a contribution are then i = a + s t, and
 * they meet dy at r = u - t, for t = 0, 1, ... while i < k. Elements of dx with the same a form a
 * class. All of them use the same `taps` taps, and dy from u - (taps - 1) to u. If the stride is
 * larger than the window, some classes have no taps. */
#include <string.h>

#include "kernels/simd/blocked.h"

/* Returns the number of taps of class a, for a window of size k and stride s. */
static size_t taps_of(size_t k, size_t s, size_t a)
{
    return a < k ? (k - a - 1) / s + 1 : 0;
}

size_t CD_LEVEL_NAME(blocked_data_rows)(const struct cd_conv *conv)
{
    const size_t s = conv->window.sh;
    const size_t rows = BLOCKED_PLACES * s * conv->window.sw / conv->w;
    const size_t whole = rows < s ? s : rows / s * s;

    return whole < conv->h ? whole : conv->h;
}

/* Returns the band of dy that rows first .. last-1 of dx depend on. */
static struct blocked_band band_of(const struct cd_conv *conv, size_t first, size_t last)
{
    const struct cd_window *w = &conv->window;
    struct blocked_band band = {
        .row = (ptrdiff_t)((first + w->top) / w->sh) - (ptrdiff_t)(taps_of(w->kh, w->sh, 0) - 1),
        .column = (ptrdiff_t)(w->left / w->sw) - (ptrdiff_t)(taps_of(w->kw, w->sw, 0) - 1),
    };

    band.rows = (size_t)((ptrdiff_t)((last - 1 + w->top) / w->sh) - band.row) + 1;
    band.columns = (size_t)((ptrdiff_t)((conv->w - 1 + w->left) / w->sw) - band.column) + 1;
    return band;
}

/* Has room for one row more than the first band has, because the number of rows of a band may vary
 * by one with its position. */
size_t CD_LEVEL_NAME(blocked_data_scratch)(const struct cd_conv *conv, size_t images)
{
    const struct blocked_band band = band_of(conv, 0, CD_LEVEL_NAME(blocked_data_rows)(conv));

    return images * (band.rows + 1) * band.columns * conv->co;
}

size_t CD_LEVEL_NAME(blocked_data_prepared)(const struct cd_conv *conv)
{
    return blocked_panels(conv->window.kh * conv->window.kw * conv->co, conv->ci);
}

/* A class in two dimensions: a and b are its remainders for rows and columns. It has lines x
 * columns taps. They are stored in reverse order, because the last tap meets the first element of
 * dy. */
struct class {
    size_t a, b, lines, columns;
};

static size_t next_class(const struct cd_conv *conv, size_t index, struct class *class)
{
    const struct cd_window *w = &conv->window;

    class->a = index / w->sw;
    class->b = index % w->sw;
    class->lines = taps_of(w->kh, w->sh, class->a);
    class->columns = taps_of(w->kw, w->sw, class->b);
    return blocked_panels(class->lines * class->columns * conv->co, conv->ci);
}

static void prepare_class(const struct cd_conv *conv, const struct class *class,
                          const float *kernel, float *to)
{
    const struct cd_window *w = &conv->window;
    const size_t ci = conv->ci, co = conv->co;

    for (size_t c = 0; c < ci; c += CD_TILE_COLUMNS)
        for (size_t l = class->lines; l-- > 0;)
            for (size_t m = class->columns; m-- > 0; to += co * CD_TILE_COLUMNS) {
                const size_t tap = (class->a + w->sh * l) * w->kw + class->b + w->sw * m;
                CD_LEVEL_NAME(gemm_pack_columns)(kernel + (tap * ci + c) * co, co, co,
                                                 cd_smaller(ci - c, CD_TILE_COLUMNS), to);
            }
}

void CD_LEVEL_NAME(blocked_data_prepare)(const struct cd_conv *conv, const float *kernel,
                                         float *prepared)
{
    struct class class;

    for (size_t i = 0; i < conv->window.sh * conv->window.sw; i++) {
        const size_t size = next_class(conv, i, &class);
        prepare_class(conv, &class, kernel, prepared);
        prepared += size;
    }
}

/* Returns the first row (or column) of class a that is not before `from`. s: the stride; before:
 * the padding. */
static size_t first_of(size_t from, size_t a, size_t s, size_t before)
{
    return from + (a + s - (from + before) % s) % s;
}

static void compute_class(const struct cd_conv *conv, const struct class *class,
                          const struct blocked_band *band, const struct blocked_rows *dy, size_t n,
                          const float *b, size_t first, size_t last, float *dx)
{
    const struct cd_window *w = &conv->window;
    const size_t h = first_of(first, class->a, w->sh, w->top);
    const size_t v = first_of(0, class->b, w->sw, w->left);

    if (h >= last || v >= conv->w || class->lines == 0 || class->columns == 0)
        return;
    const size_t row = (size_t)((ptrdiff_t)((h + w->top) / w->sh) - band->row) - (class->lines - 1);
    const size_t column =
        (size_t)((ptrdiff_t)((v + w->left) / w->sw) - band->column) - (class->columns - 1);
    struct blocked_product product = {
        .a = dy->at + row * dy->line + column * conv->co,
        .a_column = conv->co,
        .a_row = dy->line,
        .a_image = dy->image,
        .lines = class->lines,
        .a_line = dy->line,
        .depth = class->columns * conv->co,
        .b = b,
        .c = dx + (h * conv->w + v) * conv->ci,
        .c_column = w->sw * conv->ci,
        .c_row = w->sh * conv->w * conv->ci,
        .c_image = conv->h * conv->w * conv->ci,
        .n = n,
        .rows = (last - h - 1) / w->sh + 1,
        .columns = (conv->w - v - 1) / w->sw + 1,
        .channels = conv->ci,
    };
    if (product.a_row == product.columns * product.a_column &&
        /* all rows are contiguous: treat them as a single row */
        product.c_row == product.columns * product.c_column) {
        product.columns *= product.rows;
        product.rows = 1;
    }
    CD_LEVEL_NAME(blocked_multiply)(&product);
}

void CD_LEVEL_NAME(blocked_data)(const struct cd_conv *conv, size_t n, const float *dy,
                                 const float *prepared, size_t first, size_t last, float *dx,
                                 float *scratch)
{
    const struct cd_window *w = &conv->window;
    const struct blocked_band band = band_of(conv, first, last);
    const struct blocked_rows rows =
        CD_LEVEL_NAME(blocked_take)(&band, n, conv->oh, conv->ow, conv->co, dy, scratch);
    const size_t line = conv->w * conv->ci;
    struct class class;

    if (w->kh < w->sh || w->kw < w->sw)
        for (size_t i = 0; i < n; i++)
            memset(dx + (i * conv->h + first) * line, 0, (last - first) * line * sizeof *dx);
    for (size_t i = 0; i < w->sh * w->sw; i++) {
        const size_t size = next_class(conv, i, &class);
        compute_class(conv, &class, &band, &rows, n, prepared, first, last, dx);
        prepared += size;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Dense layers backward, in one pass over w: with Adam, w and its moments are read and written once
 * and the gradient exists only in registers, 12 x 32 of it at a time (tile.h).
 *
 *   for each block of ROWS rows of w
 *     dx^T = w dy^T        (rows x n: w's rows are broadcast as they lie), transposed into dx
 *     x's columns          copied, so that a tile's factors lie side by side
 *     for each panel of columns, each tile of rows:
 *       dw = x^T dy        in registers
 *       Adam               and meanwhile the next block of w, m and v is fetched, front to back
 *
 * prepared: dy^T as panels of CD_TILE_COLUMNS pictures, [panel][unit][picture], then dy as panels of
 * as many units, [panel][picture][unit]; filled up with zeros. */
#include "core/memory.h"
#include "kernels/simd/adam.h"
#include "kernels/simd/gemm.h"

enum { ROWS = 48 }; /* a multiple of CD_TILE_ROWS and CD_LANES */

static size_t panels_of(size_t columns)
{
    return columns == 0 ? 0 : (columns - 1) / CD_TILE_COLUMNS + 1;
}

size_t CD_LEVEL_NAME(dense_prepared)(const struct cd_dense_backward *layer)
{
    const size_t pictures = cd_product(panels_of(layer->n), CD_TILE_COLUMNS);
    const size_t units = cd_product(panels_of(layer->units), CD_TILE_COLUMNS);
    return cd_sum(cd_product(pictures, layer->units), cd_product(units, layer->n));
}

void CD_LEVEL_NAME(dense_prepare)(const struct cd_dense_backward *layer, float *prepared)
{
    const size_t n = layer->n, units = layer->units;

    for (size_t i = 0; i < n; i += CD_TILE_COLUMNS) {
        CD_LEVEL_NAME(gemm_pack_columns)(layer->dy + i * units, units, units,
                                         cd_smaller(n - i, CD_TILE_COLUMNS), prepared);
        prepared += units * CD_TILE_COLUMNS;
    }
    for (size_t j = 0; j < units; j += CD_TILE_COLUMNS) {
        CD_LEVEL_NAME(gemm_pack_rows)(layer->dy + j, units, n,
                                      cd_smaller(units - j, CD_TILE_COLUMNS), prepared);
        prepared += n * CD_TILE_COLUMNS;
    }
}

/* ---- the gradient by the input ---- */

/* dx[i][r] = from[r][i], rows x pictures. */
static void store_transposed(const float *from, size_t rows, size_t pictures, float *dx,
                             size_t inputs)
{
    for (size_t r = 0; r < rows; r += CD_LANES)
        for (size_t i = 0; i < pictures; i += CD_LANES) {
            cd_vf square[CD_LANES];
            for (size_t j = 0; j < CD_LANES; j++)
                square[j] = cd_vf_load(from + (r + j) * CD_TILE_COLUMNS + i);
            cd_vf_transpose(square);
            for (size_t j = 0; j < cd_smaller(pictures - i, CD_LANES); j++)
                if (rows - r >= CD_LANES)
                    cd_vf_store(dx + (i + j) * inputs + r, square[j]);
                else
                    cd_vf_store_n(dx + (i + j) * inputs + r, square[j], rows - r);
        }
}

static void backward_data(const struct cd_dense_backward *layer, size_t first, size_t rows)
{
    const size_t n = layer->n, units = layer->units;
    float columns[ROWS * CD_TILE_COLUMNS];

    memset(columns, 0, sizeof columns);
    for (size_t i = 0; i < n; i += CD_TILE_COLUMNS) {
        const struct cd_panel_product product = {
            .tile = {.a = layer->w + first * units,
                     .a_row = units,
                     .a_step = 1,
                     .b = layer->prepared + i * units,
                     .b_step = CD_TILE_COLUMNS,
                     .ahead = (const char *)layer->w},
            .rows = rows,
            .columns = cd_smaller(n - i, CD_TILE_COLUMNS),
            .depth = units,
            .c = columns,
            .ldc = CD_TILE_COLUMNS,
        };
        CD_LEVEL_NAME(gemm_panel)(&product);
        store_transposed(columns, rows, product.columns, layer->dx + i * layer->inputs + first,
                         layer->inputs);
    }
}

/* ---- the gradient by the kernel ---- */

/* x's columns first .. first + rows - 1 of pictures at x: to[tile][picture][row of tile], rows
 * filled up with zeros. */
static void gather(const float *x, size_t inputs, size_t n, size_t rows, float *to)
{
    for (size_t r = 0; r < rows; r += CD_TILE_ROWS)
        for (size_t i = 0; i < n; i++) {
            const float *from = x + i * inputs + r;
            for (size_t j = 0; j < CD_TILE_ROWS; j++)
                to[j] = r + j < rows ? from[j] : 0.0f;
            to += CD_TILE_ROWS;
        }
}

/* A tile of the kernel: its place, and what has been fetched ahead so far (floats of the next block,
 * the same in w, m and v). */
struct place {
    size_t at, rows, columns, fetched;
};

static void store_gradient(const struct cd_dense_backward *layer, const struct place *place,
                           cd_vf sums[CD_TILE_ROWS][CD_TILE_VECTORS])
{
    for (size_t i = 0; i < place->rows; i++)
        for (size_t j = 0; j < place->columns; j += CD_LANES)
            cd_vf_store_n(layer->dw + place->at + i * layer->units + j, sums[i][j / CD_LANES],
                          cd_smaller(place->columns - j, CD_LANES));
}

static void move_weights(const struct cd_dense_backward *layer, const struct cd_adam_factors *factors,
                         const struct place *place, cd_vf sums[CD_TILE_ROWS][CD_TILE_VECTORS])
{
    const size_t units = layer->units;
    size_t ahead = place->fetched;

    for (size_t i = 0; i < place->rows; i++) {
        const size_t at = place->at + i * units;
        for (size_t j = 0; j < place->columns; j += CD_LANES) {
            float *w = layer->w + at + j, *m = layer->m + at + j, *v = layer->v + at + j;
            const size_t rest = place->columns - j;
            cd_prefetch_far(layer->w + ahead);
            cd_prefetch_far(layer->v + ahead);
            ahead += CD_LANES;
            if (rest >= CD_LANES)
                cd_adam_move_at(factors, sums[i][j / CD_LANES], w, m, v);
            else
                cd_adam_move_n(factors, sums[i][j / CD_LANES], w, m, v, rest);
        }
    }
}

/* sums = x^T dy for a tile: in partial sums of so many pictures as the matrix product takes them, so
 * that the bits are the same. x: the tile's, gathered; if there are more pictures than that, room
 * for gathering them. */
CD_INLINE void multiply(const struct cd_dense_backward *layer, const struct place *place,
                        struct cd_tile *tile, size_t vectors, float *x,
                        cd_vf sums[CD_TILE_ROWS][CD_TILE_VECTORS])
{
    const size_t n = layer->n, depth = cd_gemm_depth(layer->units);
    const float *from = layer->x + place->at / layer->units;

    if (n > depth)
        gather(from, layer->inputs, depth, place->rows, x);
    cd_tile_multiply(tile, CD_TILE_ROWS, vectors, cd_smaller(n, depth), sums);
    for (size_t p = depth; p < n; p += depth) {
        cd_vf more[CD_TILE_ROWS][CD_TILE_VECTORS];
        gather(from + p * layer->inputs, layer->inputs, cd_smaller(n - p, depth), place->rows, x);
        tile->b += depth * CD_TILE_COLUMNS;
        cd_tile_multiply(tile, CD_TILE_ROWS, vectors, cd_smaller(n - p, depth), more);
        for (size_t i = 0; i < CD_TILE_ROWS; i++)
            for (size_t v = 0; v < vectors; v++)
                sums[i][v] += more[i][v];
    }
}

static void backward_tile(const struct cd_dense_backward *layer,
                          const struct cd_adam_factors *factors, const struct place *place,
                          float *x, const float *dy)
{
    cd_vf sums[CD_TILE_ROWS][CD_TILE_VECTORS];
    struct cd_tile tile = {.a = x,
                           .a_row = 1,
                           .a_step = CD_TILE_ROWS,
                           .b = dy,
                           .b_step = CD_TILE_COLUMNS,
                           .ahead = (const char *)x};
    if (layer->adam) {
        tile.ahead = (const char *)(layer->m + place->fetched);
        tile.ahead_step = (place->rows * place->columns * sizeof(float) - 1) / layer->n + 1;
    }
    if (place->columns > CD_LANES)
        multiply(layer, place, &tile, CD_TILE_VECTORS, x, sums);
    else
        multiply(layer, place, &tile, 1, x, sums);
    if (layer->adam)
        move_weights(layer, factors, place, sums);
    else
        store_gradient(layer, place, sums);
}

/* next: the row whose weights are fetched meanwhile. */
static void backward_kernel(const struct cd_dense_backward *layer,
                            const struct cd_adam_factors *factors, size_t first, size_t rows,
                            size_t next)
{
    const size_t n = layer->n, units = layer->units;
    const int gathered = n <= cd_gemm_depth(units);
    const float *dy = layer->prepared + panels_of(n) * CD_TILE_COLUMNS * units;
    float x[ROWS * CD_GEMM_DEPTH];
    size_t fetched = next * units;

    if (gathered)
        gather(layer->x + first, layer->inputs, n, rows, x);
    for (size_t j = 0; j < units; j += CD_TILE_COLUMNS) {
        for (size_t r = 0; r < rows; r += CD_TILE_ROWS) {
            const struct place place = {.at = (first + r) * units + j,
                                        .rows = cd_smaller(rows - r, CD_TILE_ROWS),
                                        .columns = cd_smaller(units - j, CD_TILE_COLUMNS),
                                        .fetched = fetched};
            backward_tile(layer, factors, &place, gathered ? x + r * n : x, dy);
            if (next != first)
                fetched += place.rows * place.columns;
        }
        dy += n * CD_TILE_COLUMNS;
    }
}

void CD_LEVEL_NAME(dense_backward)(const struct cd_dense_backward *layer, size_t first, size_t last)
{
    struct cd_adam_factors factors = {0};

    if (layer->adam)
        factors = cd_adam_factors(layer->adam);
    for (size_t r = first; r < last; r += ROWS) {
        const size_t rows = cd_smaller(last - r, ROWS);
        if (layer->dx)
            backward_data(layer, r, rows);
        backward_kernel(layer, &factors, r, rows, r + 2 * ROWS <= last ? r + ROWS : r);
    }
}

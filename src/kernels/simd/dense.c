/* SPDX-License-Identifier: MIT
 *
 * Dense layers backward, in one pass over w: with Adam, w and its moments are read and written
 * once, and of the gradient there is never more than a tile of 12 x 32 (tile.h), which waits for
 * its Adam in the first-level cache.
 *
 *   for each block of ROWS rows of w
 *     dx^T = w dy^T        (rows x n: w's rows are broadcast as they lie), transposed into dx
 *     x's columns          copied, so that a tile's factors lie side by side
 *     for each panel of columns, each tile of rows:
 *       dw = x^T dy        summed in registers
 *       Adam               and meanwhile the next block of w, m and v is fetched, front to back
 *
 * prepared: dy^T as panels of CD_TILE_COLUMNS pictures, [panel][unit][picture], then dy as panels
 * of as many units, [panel][picture][unit]; filled up with zeros. */
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

/* A tile of the gradient that has been computed and waits for Adam. */
struct pending {
    size_t rows, columns;     /* 0: none */
    float *w, *m, *v;         /* where it goes */
    const float *ahead[3];    /* of w, m and v: as many floats of what comes after, to be fetched */
    _Alignas(64) float gradient[CD_TILE_ROWS * CD_TILE_COLUMNS];
};

/* A pass over some rows of w with Adam. */
struct pass {
    const struct cd_dense_backward *layer;
    struct cd_adam_factors factors;
    struct pending pending[2]; /* one is moved while the other is computed */
    size_t now;                /* the latter */
};

static void move(const struct pass *pass, struct pending *tile)
{
    for (size_t i = 0; i < tile->rows; i++)
        for (size_t j = 0; j < tile->columns; j += CD_LANES) {
            const size_t at = i * pass->layer->units + j, rest = tile->columns - j;
            const cd_vf g = cd_vf_load(tile->gradient + i * CD_TILE_COLUMNS + j);
            if (rest >= CD_LANES)
                cd_adam_move_at(&pass->factors, g, tile->w + at, tile->m + at, tile->v + at);
            else
                cd_adam_move_n(&pass->factors, g, tile->w + at, tile->m + at, tile->v + at, rest);
        }
    tile->rows = 0;
}

/* x: gathered. */
CD_INLINE void one_step(const float *x, const float *dy, cd_tile_sums sums)
{
    const float *rows[CD_TILE_GROUPS];

    CD_UNROLL
    for (size_t i = 0; i < CD_TILE_GROUPS; i++)
        rows[i] = x + i * CD_TILE_GROUP;
    cd_tile_step(CD_TILE_ROWS, CD_TILE_VECTORS, rows, 1, dy, sums);
}

/* to = a whole tile of the gradient, while Adam moves the one before, also whole: where there are
 * registers for both, a vector of it each few steps, so that square roots, quotients and memory
 * take little time of their own. */
static __attribute__((noinline)) void multiply_and_move(const struct cd_adam_factors *f,
                                                        struct pending *tile, size_t units,
                                                        const float *x, const float *dy, size_t n,
                                                        float *to)
{
    enum { VECTORS = CD_TILE_ROWS * CD_TILE_VECTORS };
    const size_t steps = CD_TILE_ROWS > 6 ? n / VECTORS : 0;
    const float *g = tile->gradient, *end = x + n * CD_TILE_ROWS;
    float *w = tile->w, *m = tile->m, *v = tile->v;
    const float *w_ahead = tile->ahead[0], *m_ahead = tile->ahead[1], *v_ahead = tile->ahead[2];
    cd_tile_sums sums;

    cd_tile_clear(CD_TILE_ROWS, CD_TILE_VECTORS, sums);
    for (size_t i = 0; i < CD_TILE_ROWS; i++) {
        for (size_t j = 0; j < CD_TILE_COLUMNS; j += CD_LANES) {
            for (size_t p = 0; p < steps; p++) {
                one_step(x, dy, sums);
                x += CD_TILE_ROWS;
                dy += CD_TILE_COLUMNS;
            }
            cd_adam_move_at(f, cd_vf_load(g), w + j, m + j, v + j);
            cd_prefetch_far(w_ahead);
            cd_prefetch_far(m_ahead);
            cd_prefetch_far(v_ahead);
            g += CD_LANES;
            w_ahead += CD_LANES;
            m_ahead += CD_LANES;
            v_ahead += CD_LANES;
        }
        w += units;
        m += units;
        v += units;
    }
    while (x < end) {
        one_step(x, dy, sums);
        x += CD_TILE_ROWS;
        dy += CD_TILE_COLUMNS;
    }
    CD_UNROLL
    for (size_t i = 0; i < CD_TILE_ROWS; i++)
        CD_UNROLL
        for (size_t j = 0; j < CD_TILE_VECTORS; j++)
            cd_vf_store(to + i * CD_TILE_COLUMNS + j * CD_LANES, sums[i][j]);
    tile->rows = 0;
}

/* A row of tiles: rows first .. first + rows - 1 of w, at most CD_TILE_ROWS. */
struct row {
    const struct cd_dense_backward *layer;
    size_t first, rows;
    /* these columns of it, gathered; or room for gathering, if there are many pictures */
    float *x;
    int gathered;
};

/* The gradient of a tile from column first on: in partial sums of so many pictures as the matrix
 * product takes them, so that the bits are the same. */
static void multiply(const struct row *row, const float *dy, size_t columns, float *to, size_t step)
{
    const struct cd_dense_backward *layer = row->layer;
    const size_t n = layer->n, depth = cd_gemm_depth(layer->units);
    const float *from = layer->x + row->first;
    struct cd_panel_product product = {.tile = {.a = row->x,
                                                .a_row = 1,
                                                .a_step = CD_TILE_ROWS,
                                                .b = dy,
                                                .b_step = CD_TILE_COLUMNS,
                                                .ahead = (const char *)dy},
                                       .rows = row->rows,
                                       .columns = columns,
                                       .c = to,
                                       .ldc = step};

    for (size_t p = 0; p < n; p += depth) {
        product.depth = cd_smaller(n - p, depth);
        product.add = p > 0;
        if (!row->gathered)
            gather(from + p * layer->inputs, layer->inputs, product.depth, row->rows, row->x);
        CD_LEVEL_NAME(gemm_panel)(&product);
        product.tile.b += product.depth * CD_TILE_COLUMNS;
    }
}

static int is_whole(const struct pending *tile)
{
    return tile->rows == CD_TILE_ROWS && tile->columns == CD_TILE_COLUMNS;
}

/* Computes a tile and moves the one before. */
static void next_tile(struct pass *pass, const struct row *row, const float *dy)
{
    struct pending *tile = &pass->pending[pass->now], *before = &pass->pending[1 - pass->now];

    if (is_whole(before) && is_whole(tile) && row->gathered) {
        multiply_and_move(&pass->factors, before, pass->layer->units, row->x, dy, pass->layer->n,
                          tile->gradient);
    } else {
        move(pass, before);
        multiply(row, dy, tile->columns, tile->gradient, CD_TILE_COLUMNS);
    }
    pass->now = 1 - pass->now;
}

/* A block of rows of w. */
struct rows {
    size_t first, count;
    size_t next;     /* the block that comes after */
    size_t last;     /* row behind the last of all blocks */
    const float *dy; /* its panels by units */
    float *x;        /* columns of x, gathered; or room for gathering, if there are many pictures */
    int gathered;
};

static struct row row_at(const struct cd_dense_backward *layer, const struct rows *rows, size_t r)
{
    return (struct row){.layer = layer,
                        .first = rows->first + r,
                        .rows = cd_smaller(rows->count - r, CD_TILE_ROWS),
                        .x = rows->gathered ? rows->x + r * layer->n : rows->x,
                        .gathered = rows->gathered};
}

/* What the next block needs of some pictures. */
static void fetch_pictures(const struct cd_dense_backward *layer, size_t row, size_t first,
                           size_t last)
{
    for (size_t i = first; i < cd_smaller(last, layer->n); i++)
        for (size_t j = 0; j < ROWS; j += 16) {
            cd_prefetch_far(layer->x + i * layer->inputs + row + j);
            if (layer->dx)
                cd_prefetch_far(layer->dx + i * layer->inputs + row + j);
        }
}

static void move_rows(struct pass *pass, const struct rows *rows)
{
    const struct cd_dense_backward *layer = pass->layer;
    const size_t units = layer->units, n = layer->n;
    const size_t tiles = panels_of(units) * ((rows->count - 1) / CD_TILE_ROWS + 1);
    const size_t pictures = (n - 1) / tiles + 1; /* fetched with each tile */
    size_t picture = 0;

    for (size_t r = 0; r < rows->count; r += CD_TILE_ROWS) {
        const struct row row = row_at(layer, rows, r);
        /* No row behind the last is fetched. */
        const size_t most = rows->last - row.rows;
        const size_t ahead = cd_smaller(row.first + CD_TILE_ROWS, most) * units;
        const size_t w_ahead =
            cd_smaller(row.first + (layer->dx ? ROWS : CD_TILE_ROWS), most) * units;
        for (size_t j = 0; j < units; j += CD_TILE_COLUMNS) {
            struct pending *tile = &pass->pending[pass->now];
            const size_t at = row.first * units + j, done = j * row.rows;
            tile->rows = row.rows;
            tile->columns = cd_smaller(units - j, CD_TILE_COLUMNS);
            tile->w = layer->w + at;
            tile->m = layer->m + at;
            tile->v = layer->v + at;
            tile->ahead[0] = layer->w + w_ahead + done;
            tile->ahead[1] = layer->m + ahead + done;
            tile->ahead[2] = layer->v + ahead + done;
            fetch_pictures(layer, rows->next, picture, picture + pictures);
            picture += pictures;
            next_tile(pass, &row, rows->dy + j * n);
        }
    }
}

static void store_rows(const struct cd_dense_backward *layer, const struct rows *rows)
{
    const size_t units = layer->units;

    for (size_t j = 0; j < units; j += CD_TILE_COLUMNS)
        for (size_t r = 0; r < rows->count; r += CD_TILE_ROWS) {
            const struct row row = row_at(layer, rows, r);
            multiply(&row, rows->dy + j * layer->n, cd_smaller(units - j, CD_TILE_COLUMNS),
                     layer->dw + row.first * units + j, units);
        }
}

/* last: the row behind those of this pass. */
static void backward_kernel(struct pass *pass, size_t first, size_t count, size_t last)
{
    const struct cd_dense_backward *layer = pass->layer;
    const size_t n = layer->n, units = layer->units;
    float x[ROWS * CD_GEMM_DEPTH];
    const struct rows rows = {
        .first = first,
        .count = count,
        .next = first + 2 * ROWS <= last ? first + ROWS : first,
        .last = last,
        .dy = layer->prepared + panels_of(n) * CD_TILE_COLUMNS * units,
        .x = x,
        .gathered = n <= cd_gemm_depth(units),
    };

    if (rows.gathered)
        gather(layer->x + first, layer->inputs, n, count, x);
    if (layer->adam)
        move_rows(pass, &rows);
    else
        store_rows(layer, &rows);
}

void CD_LEVEL_NAME(dense_backward)(const struct cd_dense_backward *layer, size_t first, size_t last)
{
    struct pass pass;

    pass.layer = layer;
    pass.now = 0;
    pass.pending[0].rows = pass.pending[1].rows = 0;
    if (layer->adam)
        pass.factors = cd_adam_factors(layer->adam);
    for (size_t r = first; r < last; r += ROWS) {
        const size_t rows = cd_smaller(last - r, ROWS);
        if (layer->dx)
            backward_data(layer, r, rows);
        backward_kernel(&pass, r, rows, last);
    }
    if (layer->adam)
        move(&pass, &pass.pending[1 - pass.now]);
}

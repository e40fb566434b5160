/* SPDX-License-Identifier: MIT
 *
 * The backward pass of a dense layer, which reads w only once. With Adam, w and its moments m and v
 * are read and written once. The gradient is computed one tile (tile.h) at a time. A tile stays in
 * the first-level cache until Adam is applied to it.
 *
 *   for each block of ROWS rows of w
 *     dx^T = w dy^T        rows x n, stored transposed into dx; w is read in place
 *     copy columns of x    so that the factors of a tile are contiguous
 *     for each panel of dy, for each tile of rows:
 *       dw = x^T dy        summed in registers
 *       Adam               and prefetch the next rows of w, m and v
 *
 * The packed dy (`prepared`) consists of dy^T in panels of CD_TILE_COLUMNS images,
 * [panel][unit][image], followed by dy in panels of CD_TILE_COLUMNS units, [panel][image][unit].
 * Panels are padded with zeros. */
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
    const size_t images = cd_product(panels_of(layer->n), CD_TILE_COLUMNS);
    const size_t units = cd_product(panels_of(layer->units), CD_TILE_COLUMNS);
    return cd_sum(cd_product(images, layer->units), cd_product(units, layer->n));
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

/* ---- dx ---- */

/* Stores the transpose of `from`: dx[i][r] = from[r][i] for all rows r and images i. */
static void store_transposed(const float *from, size_t rows, size_t images, float *dx,
                             size_t inputs)
{
    for (size_t r = 0; r < rows; r += CD_LANES)
        for (size_t i = 0; i < images; i += CD_LANES) {
            cd_vf square[CD_LANES];
            for (size_t j = 0; j < CD_LANES; j++)
                square[j] = cd_vf_load(from + (r + j) * CD_TILE_COLUMNS + i);
            cd_vf_transpose(square);
            for (size_t j = 0; j < cd_smaller(images - i, CD_LANES); j++)
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

/* ---- dw ---- */

/* Copies `rows` columns of x of n images to to[tile][image][row of tile]. The last tile is padded
 * with zeros. */
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

/* A tile of the gradient to which Adam is not yet applied. */
struct pending {
    size_t rows, columns;     /* size of the tile; rows is 0 if there is none */
    float *w, *m, *v;         /* the weights and moments to update */
    const float *ahead[3];    /* where to prefetch w, m and v during the update */
    _Alignas(64) float gradient[CD_TILE_ROWS * CD_TILE_COLUMNS];
};

/* The state of a call of dense_backward. */
struct pass {
    const struct cd_dense_backward *layer;
    struct cd_adam_factors factors;
    struct pending pending[2]; /* one tile is computed while Adam is applied to the other */
    size_t now;                /* index in `pending` of the tile that is being computed */
};

static void update(const struct pass *pass, struct pending *tile)
{
    for (size_t i = 0; i < tile->rows; i++)
        for (size_t j = 0; j < tile->columns; j += CD_LANES) {
            const size_t at = i * pass->layer->units + j, rest = tile->columns - j;
            const cd_vf g = cd_vf_load(tile->gradient + i * CD_TILE_COLUMNS + j);
            if (rest >= CD_LANES)
                cd_adam_update_at(&pass->factors, g, tile->w + at, tile->m + at, tile->v + at);
            else
                cd_adam_update_n(&pass->factors, g, tile->w + at, tile->m + at, tile->v + at, rest);
        }
    tile->rows = 0;
}

/* Adds the products of one image to the sums of a tile. x is packed by gather(). */
CD_INLINE void one_step(const float *x, const float *dy, cd_tile_sums sums)
{
    const float *rows[CD_TILE_GROUPS];

    CD_UNROLL
    for (size_t i = 0; i < CD_TILE_GROUPS; i++)
        rows[i] = x + i * CD_TILE_GROUP;
    cd_tile_step(CD_TILE_ROWS, CD_TILE_VECTORS, rows, 1, dy, sums);
}

/* Computes a whole tile of the gradient into `to` and applies Adam to the previous tile, which is
 * also whole. If there are enough registers for both, one vector of the previous tile is updated
 * every few steps. Square roots, divisions and memory accesses then overlap with the
 * multiply-adds. */
static __attribute__((noinline)) void multiply_and_update(const struct cd_adam_factors *f,
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
            cd_adam_update_at(f, cd_vf_load(g), w + j, m + j, v + j);
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

/* A row of tiles of the gradient: rows first .. first+rows-1 of w. rows is at most CD_TILE_ROWS. */
struct row {
    const struct cd_dense_backward *layer;
    size_t first, rows;
    /* columns first .. first+rows-1 of x if `gathered`, else a buffer for some images of them */
    float *x;
    int gathered;
};

/* Computes a tile of the gradient. The sums have the same chunks as in the matrix product (gemm.c),
 * so that the bits are the same. */
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

/* Computes the next tile and applies Adam to the previous one. */
static void next_tile(struct pass *pass, const struct row *row, const float *dy)
{
    struct pending *tile = &pass->pending[pass->now], *before = &pass->pending[1 - pass->now];

    if (is_whole(before) && is_whole(tile) && row->gathered) {
        multiply_and_update(&pass->factors, before, pass->layer->units, row->x, dy, pass->layer->n,
                          tile->gradient);
    } else {
        update(pass, before);
        multiply(row, dy, tile->columns, tile->gradient, CD_TILE_COLUMNS);
    }
    pass->now = 1 - pass->now;
}

/* A block of rows of w. */
struct rows {
    size_t first, count;
    size_t next;     /* first row of the next block, for prefetching */
    size_t last;     /* end of the rows of this call */
    const float *dy; /* panels of CD_TILE_COLUMNS units */
    float *x;        /* columns of x if `gathered`, else a buffer for some images of them */
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

/* Prefetches x and dx of images first .. last-1 for the block of w that begins at `row`. */
static void prefetch_images(const struct cd_dense_backward *layer, size_t row, size_t first,
                           size_t last)
{
    for (size_t i = first; i < cd_smaller(last, layer->n); i++)
        for (size_t j = 0; j < ROWS; j += 16) {
            cd_prefetch_far(layer->x + i * layer->inputs + row + j);
            if (layer->dx)
                cd_prefetch_far(layer->dx + i * layer->inputs + row + j);
        }
}

static void update_rows(struct pass *pass, const struct rows *rows)
{
    const struct cd_dense_backward *layer = pass->layer;
    const size_t units = layer->units, n = layer->n;
    const size_t tiles = panels_of(units) * ((rows->count - 1) / CD_TILE_ROWS + 1);
    /* number of images that are prefetched during each tile */
    const size_t images = (n - 1) / tiles + 1;
    size_t image = 0;

    for (size_t r = 0; r < rows->count; r += CD_TILE_ROWS) {
        const struct row row = row_at(layer, rows, r);
        /* No row beyond the last is prefetched. */
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
            prefetch_images(layer, rows->next, image, image + images);
            image += images;
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

/* Computes the gradient of rows first .. first+count-1 of w and applies it or stores it. last: end
 * of the rows of this call. */
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
        update_rows(pass, &rows);
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
        update(&pass, &pass.pending[1 - pass.now]);
}

/* SPDX-License-Identifier: MIT
 *
 * Each 2 x 2 square of the map of a 3 x 3 convolution with stride 1, by Winograd's F(2 x 2, 3 x 3)
 * (Lavin and Gray 2016, section 4.1): 16 products for each input channel instead of 36. A square is
 * a pooling window too, so that what the transform yields is pooled where it stands.
 *
 *   D = B^T d B,  U = G g G^T,  square = A^T (sum over ci of U D) A
 *
 *         1  0 -1  0          1   0   0
 *   B^T = 0  1  1  0     G = .5  .5  .5     A^T = 1  1  1  0
 *         0 -1  1  0         .5 -.5  .5           0  1 -1  1
 *         0 -1  0  1          0   0   1
 *
 * The 16 points are taken column by column of A^T M A, each sum with its channels' products as one
 * chain of multiply-adds, and what A only adds is added by starting a chain with it: 16 additions
 * are left of 24.
 *
 * D of SQUARES squares of a row lies in the cache: each point as a piece of a row, with the
 * channels of the square's left column first; the odd columns are computed and not used, which
 * costs less than to leave them out. U is packed for V vectors of channels in the order in which it
 * is used. */
#include "kernels/simd/direct_output.h"

enum {
    SQUARES = 16,            /* of a row at a time */
    CHANNELS = 3,            /* most input channels */
    PIECE = 2 * SQUARES * CHANNELS,
    POINTS = 16,
    UNITS = DIRECT_VECTORS,  /* squares x vectors that fit the registers */
};

/* The order of A's columns (and rows): the two that go into both results first. */
static const int order[4] = {1, 2, 0, 3};

static size_t map_columns(const struct cd_conv_layer *layer)
{
    return layer->pool.co ? 2 * layer->pool.ow : layer->conv.ow;
}

static size_t squares_of_row(const struct cd_conv_layer *layer)
{
    return (map_columns(layer) + 1) / 2;
}

/* Floats of a row of x with its padding, and what the last piece reads beyond it. */
static size_t row_floats(const struct cd_conv_layer *layer)
{
    const size_t columns = cd_round_up(squares_of_row(layer), SQUARES) * 2 + 4;
    return cd_round_up(columns * layer->conv.ci + CD_LANES, 16);
}

static size_t zero_floats(const struct cd_conv_layer *layer)
{
    return layer->conv.w * layer->conv.ci;
}

size_t CD_LEVEL_NAME(direct_square_scratch)(const struct cd_conv_layer *layer)
{
    const size_t bias = cd_vectors(layer->conv.co) * CD_LANES;
    return 4 * row_floats(layer) + POINTS * PIECE + bias + zero_floats(layer) + CD_LANES +
           CD_LINE;
}

/* ---- the kernel ---- */

size_t CD_LEVEL_NAME(direct_square_prepared)(const struct cd_conv_layer *layer)
{
    const size_t vectors = cd_vectors(layer->conv.co);
    return POINTS * layer->conv.ci * vectors * CD_LANES + 1; /* 1: no NaN can come of it */
}

static const double g_matrix[4][3] = {{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}};

static float transformed(const float *kernel, size_t step, int a, int b)
{
    double sum = 0.0;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            sum += g_matrix[a][i] * g_matrix[b][j] * (double)kernel[(i * 3 + j) * step];
    return (float)sum;
}

static int moderate(float value)
{
    return fabsf(value) < 1e15f; /* products of two, and sums of them, are finite; NaN is not */
}

void CD_LEVEL_NAME(direct_square_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                          float *prepared)
{
    const size_t ci = layer->conv.ci, co = layer->conv.co, vectors = cd_vectors(co);
    int numbers = 1;

    for (size_t first = 0, v; first < vectors; first += v) {
        v = direct_block(vectors - first, 2);
        for (size_t pair = 0; pair < POINTS / 2; pair++)
            for (size_t c = 0; c < ci; c++)
                for (size_t of_two = 0; of_two < 2; of_two++)
                    for (size_t o = first * CD_LANES; o < (first + v) * CD_LANES; o++) {
                        *prepared = o < co ? transformed(kernel + c * co + o, ci * co,
                                                         order[pair % 2 * 2 + of_two],
                                                         order[pair / 2])
                                           : 0.0f;
                        numbers &= moderate(*prepared++);
                    }
    }
    *prepared = (float)numbers;
}

/* ---- the input ---- */

/* B^T d for one row of squares, in four rows at t, row_floats apart. Tells whether all values are
 * moderate. */
static int transform_rows(const struct cd_conv_layer *layer, const float *x, size_t square_row,
                          const float *zeros, float *t)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t stride = row_floats(layer), line = conv->w * conv->ci;
    const size_t left = conv->window.left * conv->ci;
    const size_t n = cd_smaller(line, stride - CD_LANES - left);
    const float *in[4];
    cd_vi large = cd_vi_all(0);

    for (size_t i = 0; i < 4; i++) {
        const size_t row = 2 * square_row + i - conv->window.top; /* huge above the map */
        in[i] = row < conv->h ? x + row * line : zeros;
        memset(t + i * stride, 0, left * sizeof *t);
        memset(t + i * stride + left + n, 0, (stride - left - n) * sizeof *t);
    }
    for (size_t k = 0; k < n; k += CD_LANES) {
        const size_t lanes = cd_smaller(CD_LANES, n - k);
        cd_vf d[4];
        for (size_t i = 0; i < 4; i++) {
            d[i] = lanes == CD_LANES ? cd_vf_load(in[i] + k) : cd_vf_load_n(in[i] + k, lanes);
            /* an exponent of at least 2^49: beyond 5.6e14 */
            large |= ((cd_vi)d[i] & 0x7fffffff) > 0x58000000;
        }
        cd_vf_store(t + left + k, d[0] - d[2]);
        cd_vf_store(t + stride + left + k, d[1] + d[2]);
        cd_vf_store(t + 2 * stride + left + k, d[2] - d[1]);
        cd_vf_store(t + 3 * stride + left + k, d[3] - d[1]);
    }
    int any = 0;
    for (size_t i = 0; i < CD_LANES; i++)
        any |= large[i];
    return !any;
}

/* The same along the rows: points of the squares from the one at first on. */
static void transform_columns(size_t ci, const float *t, size_t stride, size_t first,
                              size_t squares, float *d)
{
    for (size_t a = 0; a < 4; a++) {
        const float *from = t + a * stride + 2 * first * ci;
        float *to = d + a * 4 * PIECE;
        for (size_t k = 0; k < 2 * squares * ci; k += CD_LANES) {
            const cd_vf c0 = cd_vf_load(from + k), c1 = cd_vf_load(from + k + ci);
            const cd_vf c2 = cd_vf_load(from + k + 2 * ci), c3 = cd_vf_load(from + k + 3 * ci);
            cd_vf_store(to + k, c0 - c2);
            cd_vf_store(to + PIECE + k, c1 + c2);
            cd_vf_store(to + 2 * PIECE + k, c2 - c1);
            cd_vf_store(to + 3 * PIECE + k, c3 - c1);
        }
    }
}

/* ---- squares x vectors ---- */

/* sums of W squares x V vectors += U D of one point and one channel. */
CD_INLINE void add_point(int w, int v, int ci, const float *d, const float *u, cd_vf *sums)
{
    cd_vf taps[2];

    CD_UNROLL
    for (int j = 0; j < v; j++) {
        taps[j] = cd_vf_load(u + j * CD_LANES);
        if (w > 1)
            cd_vf_settle(&taps[j]); /* or else gcc loads it once more for each square */
    }
    CD_UNROLL
    for (int i = 0; i < w; i++) {
        const cd_vf value = cd_vf_all(d[i * 2 * ci]);
        CD_UNROLL
        for (int j = 0; j < v; j++)
            sums[i * v + j] = cd_vf_fma(value, taps[j], sums[i * v + j]);
    }
}

/* Two points in turn, so that more multiply-adds do not wait for each other. */
CD_INLINE void add_points(int w, int v, int ci, const float *d1, const float *d2, const float *u,
                          cd_vf *one, cd_vf *two)
{
    CD_UNROLL
    for (int c = 0; c < ci; c++) {
        add_point(w, v, ci, d1 + c, u + 2 * c * v * CD_LANES, one);
        add_point(w, v, ci, d2 + c, u + (2 * c + 1) * v * CD_LANES, two);
    }
}

/* Column number b (in order) of A^T M: its upper and its lower element. start: for both. */
CD_INLINE void add_column(int w, int v, int ci, int b, const float *d, const float *u,
                          const cd_vf *start, cd_vf *upper, cd_vf *lower)
{
    const float *at = d + order[b] * PIECE, *taps = u + b * 4 * ci * v * CD_LANES;
    cd_vf one[UNITS], two[UNITS];

    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        one[i] = start ? start[i % v] : cd_vf_zero();
        two[i] = cd_vf_zero();
    }
    add_points(w, v, ci, at + 4 * PIECE, at + 8 * PIECE, taps, one, two);
    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        upper[i] = one[i] + two[i];
        lower[i] = one[i] - two[i];
    }
    add_points(w, v, ci, at, at + 12 * PIECE, taps + 2 * ci * v * CD_LANES, upper, lower);
}

CD_INLINE void compute(int w, int v, int ci, const float *d, const float *u, const float *bias,
                       cd_vf result[UNITS][4])
{
    cd_vf start[2], upper[2][UNITS], lower[2][UNITS];

    CD_UNROLL
    for (int j = 0; j < v; j++)
        start[j] = cd_vf_load(bias + j * CD_LANES);
    add_column(w, v, ci, 0, d, u, start, upper[0], lower[0]);
    add_column(w, v, ci, 1, d, u, NULL, upper[1], lower[1]);
    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        result[i][0] = upper[0][i] + upper[1][i];
        result[i][1] = upper[0][i] - upper[1][i];
        result[i][2] = lower[0][i] + lower[1][i];
        result[i][3] = lower[0][i] - lower[1][i];
    }
    add_column(w, v, ci, 2, d, u, NULL, upper[0], lower[0]);
    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        result[i][0] += upper[0][i];
        result[i][2] += lower[0][i];
    }
    add_column(w, v, ci, 3, d, u, NULL, upper[0], lower[0]);
    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        result[i][1] += upper[0][i];
        result[i][3] += lower[0][i];
    }
    CD_UNROLL
    for (int i = 0; i < w * v; i++)
        CD_UNROLL
        for (int k = 0; k < 4; k++)
            cd_vf_settle(&result[i][k]);
}

/* A row of squares of the output. */
struct row {
    struct direct_output out;
    size_t row, rows;      /* of y: the square's first, and how many there are */
    size_t first, squares; /* of this piece */
};

CD_INLINE void put(const struct row *row, size_t square, size_t o, const cd_vf *values)
{
    if (row->out.pooled) {
        direct_pooled(&row->out, row->row, square, o, values);
        return;
    }
    CD_UNROLL
    for (size_t i = 0; i < 4; i++)
        if (row->row + i / 2 < row->rows && 2 * square + i % 2 < row->out.columns)
            direct_plain(&row->out, row->row + i / 2, 2 * square + i % 2, o, values[i]);
}

/* V vectors of channels from o on, of all squares of a piece. */
CD_INLINE void piece(int v, int ci, const struct row *row, const float *d, const float *u,
                     const float *bias, size_t o)
{
    const int w = UNITS / v;
    cd_vf result[UNITS][4];

    for (size_t s = 0; s < row->squares; s += (size_t)w) {
        compute(w, v, ci, d + s * 2 * (size_t)ci, u, bias + o, result);
        CD_UNROLL
        for (int i = 0; i < w; i++) {
            if (s + (size_t)i == row->squares)
                break;
            CD_UNROLL
            for (int j = 0; j < v; j++)
                if (o + (size_t)(j * CD_LANES) < row->out.co)
                    put(row, row->first + s + (size_t)i, o + (size_t)(j * CD_LANES),
                        result[i * v + j]);
        }
    }
}

typedef void piece_fn(const struct row *row, const float *d, const float *u, const float *bias,
                      size_t o);

#define PIECE_FN(v, ci)                                                                         \
    static void piece_##v##_##ci(const struct row *row, const float *d, const float *u,         \
                                 const float *bias, size_t o)                                   \
    {                                                                                           \
        piece(v, ci, row, d, u, bias, o);                                                       \
    }
PIECE_FN(1, 1)
PIECE_FN(2, 1)
PIECE_FN(1, 3)
PIECE_FN(2, 3)

/* By vectors, for grey and for colour. */
static piece_fn *const piece_fns[2][2] = {{piece_1_1, piece_1_3}, {piece_2_1, piece_2_3}};

/* All channels of one row of squares, whose D by rows is at t. */
static void square_row(const struct cd_conv_layer *layer, struct row *row, const float *t,
                       const float *u, const float *bias, float *d)
{
    const size_t ci = layer->conv.ci, all = squares_of_row(layer);
    const size_t vectors = cd_vectors(layer->conv.co);

    for (row->first = 0; row->first < all; row->first += SQUARES) {
        const float *taps = u;
        row->squares = cd_smaller(SQUARES, all - row->first);
        transform_columns(ci, t, row_floats(layer), row->first, SQUARES, d);
        for (size_t done = 0, v; done < vectors; done += v) {
            v = direct_block(vectors - done, 2);
            piece_fns[v - 1][ci == CHANNELS](row, d, taps, bias, done * CD_LANES);
            taps += POINTS * ci * v * CD_LANES;
        }
    }
}

void CD_LEVEL_NAME(direct_square_forward)(const struct cd_conv_layer *layer, const float *x,
                                          const float *prepared, const float *bias, size_t first,
                                          size_t last, float *y, uint8_t *kept, float *scratch)
{
    const size_t co = layer->conv.co, padded = cd_vectors(co) * CD_LANES;
    float *const d = cd_first_line(scratch), *const biases = d + POINTS * PIECE;
    float *const t = biases + padded, *const zeros = t + 4 * row_floats(layer);
    const int pooled = layer->pool.co != 0;
    struct row row = {
        .out = {.y = y, .kept = kept, .co = co, .pooled = pooled,
                .relu = layer->activation.kind == CNN_ACTIVATION_RELU},
        .rows = last,
    };
    int numbers = prepared[CD_LEVEL_NAME(direct_square_prepared)(layer) - 1] != 0.0f;

    row.out.columns = pooled ? layer->pool.ow : layer->conv.ow;
    memset(zeros, 0, zero_floats(layer) * sizeof *zeros);
    for (size_t o = 0; o < padded; o++) {
        biases[o] = bias && o < co ? bias[o] : 0.0f;
        numbers &= moderate(biases[o]);
    }
    for (row.row = first; row.row < last; row.row += pooled ? 1 : 2) {
        const size_t squares = pooled ? row.row : row.row / 2;
        row.out.careful = !(transform_rows(layer, x, squares, zeros, t) && numbers);
        square_row(layer, &row, t, prepared, biases, d);
    }
}

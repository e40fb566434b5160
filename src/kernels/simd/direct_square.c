/* SPDX-License-Identifier: MIT
 *
 * The forward pass of a 3 x 3 convolution with stride 1, by Winograd's F(2 x 2, 3 x 3) (Lavin and
 * Gray 2016, section 4.1). It computes squares of 2 x 2 outputs. A square takes 16 products for
 * each input channel instead of 36. It is also a 2 x 2 pooling window, so pooling happens in
 * registers.
 *
 * For each input channel, d is the 4 x 4 square of x that the outputs depend on, and g is the 3 x 3
 * kernel. * multiplies element by element:
 *
 *   D = B^T d B,  U = G g G^T,  M = sum over input channels of D * U,  square = A^T M A
 *
 *         1  0 -1  0          1   0   0
 *   B^T = 0  1  1  0     G = .5  .5  .5     A^T = 1  1  1  0
 *         0 -1  1  0         .5 -.5  .5           0  1 -1  1
 *         0 -1  0  1          0   0   1
 *
 * The 16 elements of D, U and M are called points. The two rows of A^T M are computed column by
 * column. Each column needs the sums M of four points. Points 1 and 2 contribute to both rows, so
 * they are summed first and then added and subtracted. The results are the initial values of the
 * sums of points 0 and 3, which saves 8 of the 24 additions of A^T M A.
 *
 * D is computed for a strip of SQUARES squares of a row at a time, so that it stays in the cache. A
 * point of a strip is stored for every column of x, although only the left column of each square is
 * needed. Computing the other columns is faster than skipping them. U is packed for blocks of V
 * vectors of output channels, in the order of use. */
#include "kernels/simd/direct_output.h"

enum {
    SQUARES = 16,            /* number of squares in a strip */
    CHANNELS = 3,            /* largest number of input channels */
    STRIP = 2 * SQUARES * CHANNELS,
    POINTS = 16,
    UNITS = DIRECT_VECTORS,  /* number of (square, vector) pairs whose sums fit the registers */
};

/* The order in which the points of a row or column are computed: first the two that contribute to
 * both outputs. */
static const int order[4] = {1, 2, 0, 3};

static size_t map_columns(const struct cd_conv_layer *layer)
{
    return layer->pool.co ? 2 * layer->pool.ow : layer->conv.ow;
}

static size_t squares_of_row(const struct cd_conv_layer *layer)
{
    return (map_columns(layer) + 1) / 2;
}

/* Returns the size in floats of a row of x, including its padding and the floats after it that the
 * last strip reads. */
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
    return 4 * row_floats(layer) + POINTS * STRIP + bias + zero_floats(layer) + CD_LANES +
           CD_LINE;
}

/* ---- the kernel ---- */

size_t CD_LEVEL_NAME(direct_square_prepared)(const struct cd_conv_layer *layer)
{
    const size_t vectors = cd_vectors(layer->conv.co);
    /* the last float is 1 if all transformed weights are moderate, else 0 */
    return POINTS * layer->conv.ci * vectors * CD_LANES + 1;
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
    return fabsf(value) < 1e15f; /* products of two moderate numbers, and their sums, are finite */
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

/* Computes B^T d for one row of squares, as four rows at t that are row_floats() apart. Returns 1
 * if all elements of x are moderate. */
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
        /* huge (wrapped around) in the top padding */
        const size_t row = 2 * square_row + i - conv->window.top;
        in[i] = row < conv->h ? x + row * line : zeros;
        memset(t + i * stride, 0, left * sizeof *t);
        memset(t + i * stride + left + n, 0, (stride - left - n) * sizeof *t);
    }
    for (size_t k = 0; k < n; k += CD_LANES) {
        const size_t lanes = cd_smaller(CD_LANES, n - k);
        cd_vf d[4];
        for (size_t i = 0; i < 4; i++) {
            d[i] = lanes == CD_LANES ? cd_vf_load(in[i] + k) : cd_vf_load_n(in[i] + k, lanes);
            /* nonzero if |d| >= 2^49, about 5.6e14 */
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

/* Multiplies B^T d by B: computes the points of a strip that begins at square `first`. */
static void transform_columns(size_t ci, const float *t, size_t stride, size_t first,
                              size_t squares, float *d)
{
    for (size_t a = 0; a < 4; a++) {
        const float *from = t + a * stride + 2 * first * ci;
        float *to = d + a * 4 * STRIP;
        for (size_t k = 0; k < 2 * squares * ci; k += CD_LANES) {
            const cd_vf c0 = cd_vf_load(from + k), c1 = cd_vf_load(from + k + ci);
            const cd_vf c2 = cd_vf_load(from + k + 2 * ci), c3 = cd_vf_load(from + k + 3 * ci);
            cd_vf_store(to + k, c0 - c2);
            cd_vf_store(to + STRIP + k, c1 + c2);
            cd_vf_store(to + 2 * STRIP + k, c2 - c1);
            cd_vf_store(to + 3 * STRIP + k, c3 - c1);
        }
    }
}

/* ---- squares x vectors ---- */

/* Adds the products of one point and one input channel to the sums of w squares x v vectors. */
CD_INLINE void add_point(int w, int v, int ci, const float *d, const float *u, cd_vf *sums)
{
    cd_vf taps[2];

    CD_UNROLL
    for (int j = 0; j < v; j++) {
        taps[j] = cd_vf_load(u + j * CD_LANES);
        if (w > 1)
            cd_vf_settle(&taps[j]); /* otherwise gcc loads the vector again for each square */
    }
    CD_UNROLL
    for (int i = 0; i < w; i++) {
        const cd_vf value = cd_vf_all(d[i * 2 * ci]);
        CD_UNROLL
        for (int j = 0; j < v; j++)
            sums[i * v + j] = cd_vf_fma(value, taps[j], sums[i * v + j]);
    }
}

/* Adds all input channels to the sums of two points. It alternates between the points, so that
 * there are more independent chains of multiply-adds. */
CD_INLINE void add_points(int w, int v, int ci, const float *d1, const float *d2, const float *u,
                          cd_vf *one, cd_vf *two)
{
    CD_UNROLL
    for (int c = 0; c < ci; c++) {
        add_point(w, v, ci, d1 + c, u + 2 * c * v * CD_LANES, one);
        add_point(w, v, ci, d2 + c, u + (2 * c + 1) * v * CD_LANES, two);
    }
}

/* Computes column order[b] of A^T M: its upper and its lower element. Both sums begin with `start`,
 * or with 0 if start is NULL. */
CD_INLINE void add_column(int w, int v, int ci, int b, const float *d, const float *u,
                          const cd_vf *start, cd_vf *upper, cd_vf *lower)
{
    const float *at = d + order[b] * STRIP, *taps = u + b * 4 * ci * v * CD_LANES;
    cd_vf one[UNITS], two[UNITS];

    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        one[i] = start ? start[i % v] : cd_vf_zero();
        two[i] = cd_vf_zero();
    }
    add_points(w, v, ci, at + 4 * STRIP, at + 8 * STRIP, taps, one, two);
    CD_UNROLL
    for (int i = 0; i < w * v; i++) {
        upper[i] = one[i] + two[i];
        lower[i] = one[i] - two[i];
    }
    add_points(w, v, ci, at, at + 12 * STRIP, taps + 2 * ci * v * CD_LANES, upper, lower);
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

/* A strip of a row of squares, and where its outputs go. */
struct row {
    struct direct_output out;
    size_t row, rows;      /* row of y at the top of the squares; end of the rows to compute */
    size_t first, squares; /* first square of the strip; number of squares in it */
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

/* Computes v vectors of channels, from channel o on, for all squares of a strip. */
CD_INLINE void strip(int v, int ci, const struct row *row, const float *d, const float *u,
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

typedef void strip_fn(const struct row *row, const float *d, const float *u, const float *bias,
                      size_t o);

#define STRIP_FN(v, ci)                                                                         \
    static void strip_##v##_##ci(const struct row *row, const float *d, const float *u,         \
                                 const float *bias, size_t o)                                   \
    {                                                                                           \
        strip(v, ci, row, d, u, bias, o);                                                       \
    }
STRIP_FN(1, 1)
STRIP_FN(2, 1)
STRIP_FN(1, 3)
STRIP_FN(2, 3)

/* The variants of strip(): [number of vectors - 1][0 for grey, 1 for RGB]. */
static strip_fn *const strip_fns[2][2] = {{strip_1_1, strip_1_3}, {strip_2_1, strip_2_3}};

/* Computes all channels of one row of squares. t: its B^T d. */
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
            strip_fns[v - 1][ci == CHANNELS](row, d, taps, bias, done * CD_LANES);
            taps += POINTS * ci * v * CD_LANES;
        }
    }
}

void CD_LEVEL_NAME(direct_square_forward)(const struct cd_conv_layer *layer, const float *x,
                                          const float *prepared, const float *bias, size_t first,
                                          size_t last, float *y, uint8_t *kept, float *scratch)
{
    const size_t co = layer->conv.co, padded = cd_vectors(co) * CD_LANES;
    float *const d = cd_first_line(scratch), *const biases = d + POINTS * STRIP;
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

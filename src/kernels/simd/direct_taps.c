/* SPDX-License-Identifier: MIT
 *
 * The forward pass for any window and stride, by the definition. With channels innermost, a row of
 * the window is kw ci contiguous floats. Each of them is multiplied by the weights of all output
 * channels. Four outputs x V vectors of channels are computed at a time. The four outputs are
 * neighbouring columns or a pooling window. */
#include "kernels/simd/direct_output.h"

enum { RESULTS = 4 };

static size_t padded_channels(const struct cd_conv_layer *layer)
{
    return cd_vectors(layer->conv.co) * CD_LANES;
}

static size_t taps(const struct cd_conv *conv)
{
    return conv->window.kh * conv->window.kw * conv->ci;
}

/* Returns the size in floats of a padded row of x, including what the last four outputs read. */
static size_t row_floats(const struct cd_conv *conv)
{
    return (cd_round_up(conv->ow, RESULTS) * conv->window.sw + conv->window.kw +
            conv->window.left) * conv->ci;
}

size_t CD_LEVEL_NAME(direct_taps_scratch)(const struct cd_conv_layer *layer)
{
    const struct cd_conv *conv = &layer->conv;
    return (conv->window.kh + conv->window.sh) * row_floats(conv) +
           padded_channels(layer) + CD_LINE;
}

size_t CD_LEVEL_NAME(direct_taps_prepared)(const struct cd_conv_layer *layer)
{
    return taps(&layer->conv) * padded_channels(layer);
}

/* Packs the kernel in blocks of V vectors of output channels. A block has V vectors for each
 * tap. */
void CD_LEVEL_NAME(direct_taps_prepare)(const struct cd_conv_layer *layer, const float *kernel,
                                        float *prepared)
{
    const size_t co = layer->conv.co, vectors = cd_vectors(co);

    for (size_t first = 0, v; first < vectors; first += v) {
        v = direct_block(vectors - first, DIRECT_VECTORS);
        for (size_t t = 0; t < taps(&layer->conv); t++)
            for (size_t o = first * CD_LANES; o < (first + v) * CD_LANES; o++)
                *prepared++ = o < co ? kernel[t * co + o] : 0.0f;
    }
}

/* Four outputs: where their windows begin in the padded rows of x. */
struct quad {
    const float *rows;
    size_t stride; /* distance of two rows, in floats */
    size_t kh, line; /* number of lines of the window; size of a line in floats */
    size_t at[RESULTS];
};

CD_INLINE void compute(int v, const struct quad *quad, const float *kernel, const float *bias,
                       cd_vf result[DIRECT_VECTORS][RESULTS])
{
    const float *x0 = quad->rows + quad->at[0], *x1 = quad->rows + quad->at[1];
    const float *x2 = quad->rows + quad->at[2], *x3 = quad->rows + quad->at[3];

    CD_UNROLL
    for (int j = 0; j < v; j++)
        for (int i = 0; i < RESULTS; i++)
            result[j][i] = cd_vf_load(bias + j * CD_LANES);
    for (size_t r = 0; r < quad->kh; r++) {
        for (size_t t = 0; t < quad->line; t++, kernel += v * CD_LANES) {
            const cd_vf v0 = cd_vf_all(x0[t]), v1 = cd_vf_all(x1[t]);
            const cd_vf v2 = cd_vf_all(x2[t]), v3 = cd_vf_all(x3[t]);
            CD_UNROLL
            for (int j = 0; j < v; j++) {
                const cd_vf tap = cd_vf_load(kernel + j * CD_LANES);
                result[j][0] = cd_vf_fma(v0, tap, result[j][0]);
                result[j][1] = cd_vf_fma(v1, tap, result[j][1]);
                result[j][2] = cd_vf_fma(v2, tap, result[j][2]);
                result[j][3] = cd_vf_fma(v3, tap, result[j][3]);
            }
        }
        x0 += quad->stride;
        x1 += quad->stride;
        x2 += quad->stride;
        x3 += quad->stride;
    }
}

CD_INLINE void put(const struct direct_output *out, size_t row, size_t column, size_t o,
                   const cd_vf *result)
{
    if (o >= out->co)
        return;
    if (out->pooled) {
        direct_pooled(out, row, column, o, result);
        return;
    }
    for (size_t i = 0; i < RESULTS && column + i < out->columns; i++)
        direct_plain(out, row, column + i, o, result[i]);
}

/* Computes a row of y for v vectors of channels, from channel o on. v must be a constant. */
CD_INLINE void compute_row(int v, const struct direct_output *out, struct quad quad, size_t step,
                           const float *kernel, const float *bias, size_t row, size_t o)
{
    const size_t across = out->pooled ? 1 : RESULTS, move = (out->pooled ? 2 : RESULTS) * step;
    cd_vf result[DIRECT_VECTORS][RESULTS];

    for (size_t column = 0; column < out->columns; column += across, quad.rows += move) {
        compute(v, &quad, kernel, bias + o, result);
        for (int j = 0; j < v; j++)
            put(out, row, column, o + (size_t)(j * CD_LANES), result[j]);
    }
}

typedef void row_fn(const struct direct_output *out, struct quad quad, size_t step,
                    const float *kernel, const float *bias, size_t row, size_t o);

#define ROW_FN(v)                                                                             \
    static void row_##v(const struct direct_output *out, struct quad quad, size_t step,       \
                        const float *kernel, const float *bias, size_t row, size_t o)         \
    {                                                                                         \
        compute_row(v, out, quad, step, kernel, bias, row, o);                                \
    }
ROW_FN(1)
ROW_FN(2)
#if CD_REGISTERS == 32
ROW_FN(4)
static row_fn *const row_fns[] = {NULL, row_1, row_2, NULL, row_4};
#else
static row_fn *const row_fns[] = {NULL, row_1, row_2};
#endif

static struct quad quad_of(const struct cd_conv_layer *layer, const float *rows)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t step = conv->window.sw * conv->ci;
    struct quad quad = {rows, row_floats(conv), conv->window.kh, conv->window.kw * conv->ci, {0}};

    for (size_t i = 0; i < RESULTS; i++)
        quad.at[i] =
            layer->pool.co ? i / 2 * conv->window.sh * quad.stride + i % 2 * step : i * step;
    return quad;
}

void CD_LEVEL_NAME(direct_taps_forward)(const struct cd_conv_layer *layer, const float *x,
                                        const float *prepared, const float *bias, size_t first,
                                        size_t last, float *y, uint8_t *kept, float *scratch)
{
    const struct cd_conv *conv = &layer->conv;
    const size_t co = conv->co, vectors = cd_vectors(co), pooled = layer->pool.co != 0;
    const size_t sh = conv->window.sh;
    float *const biases = cd_first_line(scratch), *const rows = biases + padded_channels(layer);
    const struct quad quad = quad_of(layer, rows);
    const struct direct_output out = {
        .y = y, .kept = kept, .columns = pooled ? layer->pool.ow : conv->ow, .co = co,
        .pooled = (int)pooled, .relu = layer->activation.kind == CNN_ACTIVATION_RELU, .careful = 1,
    };

    for (size_t o = 0; o < vectors * CD_LANES; o++)
        biases[o] = bias && o < co ? bias[o] : 0.0f;
    for (size_t row = first; row < last; row++) {
        const float *kernel = prepared;
        direct_padded_rows(conv, x, (pooled ? 2 * row : row) * sh,
                           conv->window.kh + (pooled ? sh : 0), rows, quad.stride);
        for (size_t done = 0, v; done < vectors; done += v) {
            v = direct_block(vectors - done, DIRECT_VECTORS);
            row_fns[v](&out, quad, conv->window.sw * conv->ci, kernel, biases, row,
                       done * CD_LANES);
            kernel += taps(conv) * v * CD_LANES;
        }
    }
}

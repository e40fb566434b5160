/* SPDX-License-Identifier: MIT
 *
 * Backward kernel of the algorithm "direct":
 *
 *   dkernel[t][o] = sum over outputs r of dy[r][o] patch[r][t],   t = 0 .. kh kw ci - 1
 *
 * The patch of an output is the part of x inside its window. There are few taps t, so the lanes of
 * a vector hold different taps. The patches of a strip are therefore copied one after the other.
 * Each patch ends with an additional 1, whose sum is dbias[o].
 *
 * With max pooling, only the winner of each window has a gradient: a quarter of the feature map,
 * but each channel has its own winner. For each window, the four patches are stored one after the
 * other, followed by a patch of zeros. The byte in `kept` selects the patch. It selects the zeros
 * if ReLU passes no gradient. (If dy is NaN or infinite there, the sum becomes NaN.)
 *
 *   for each window, for each of CHANNELS channels o:
 *     sums[o] += dy[o] patches[window][kept[o]]      VECTORS vectors of taps, in registers
 *
 * The channels are processed in groups, so dy is read with a stride. The hardware does not prefetch
 * that, so the code prefetches dy of the next strip. Each row of y is summed separately and then
 * added to the total, which keeps rounding errors small. */
#include "kernels/simd/direct.h"

/* Size of the block of sums in registers. VECTORS covers all 3 x 3 x 3 + 1 taps if possible.
 * CHANNELS is large enough to hide the latency of a multiply-add. */
enum {
#if defined __AVX512F__
    VECTORS = 2,
    CHANNELS = 8,
#elif defined __AVX2__
    VECTORS = 4,
    CHANNELS = 3,
#elif defined __aarch64__
    VECTORS = 7,
    CHANNELS = 3,
#else
    VECTORS = 7,
    CHANNELS = 1,
#endif
    STRIP = 16,  /* number of outputs whose patches are copied at a time */
    PATCHES = 5, /* patches stored for a pooling window */
};

struct shape {
    const struct cd_conv *conv;
    size_t pooled, columns, rows, co; /* size of y; `pooled` is 1 if y is pooled */
    size_t line, taps; /* sizes of a line and of a window, in floats */
    size_t patch;      /* size of a patch: taps and the 1, rounded up to whole vectors */
    size_t entry;      /* size of all patches of one output */
    size_t stride;     /* size of a padded row of x */
    /* size of a group of channels that are computed together; number of groups */
    size_t group, groups;
};

static struct shape shape_of(const struct cd_conv_layer *layer)
{
    const struct cd_conv *conv = &layer->conv, *out = layer->pool.co ? &layer->pool : conv;
    struct shape s = {.conv = conv, .pooled = layer->pool.co != 0, .columns = out->ow,
                      .rows = out->oh, .co = conv->co};

    s.line = conv->window.kw * conv->ci;
    s.taps = conv->window.kh * s.line;
    s.patch = cd_round_up(s.taps + 1, CD_LANES);
    s.entry = s.pooled ? PATCHES * s.patch : s.patch;
    s.stride = (conv->ow * conv->window.sw + conv->window.kw + conv->window.left) * conv->ci +
               CD_LANES;
    s.group = conv->co < CHANNELS ? 1 : CHANNELS;
    s.groups = (conv->co + s.group - 1) / s.group;
    return s;
}

/* Returns the first channel of a group. All groups have the same size, so the last group may
 * overlap the previous one. Both then compute the same sums for the common channels. */
static size_t first_of_group(const struct shape *s, size_t group)
{
    return cd_smaller(group * s->group, s->co - s->group);
}

static size_t sums_floats(const struct shape *s)
{
    return s->groups * s->group * s->patch;
}

size_t CD_LEVEL_NAME(direct_gradient_scratch)(const struct cd_conv_layer *layer)
{
    const struct shape s = shape_of(layer);
    return CD_LINE + 2 * sums_floats(&s) + STRIP * s.entry + CD_LANES +
           (s.conv->window.kh + s.conv->window.sh) * s.stride;
}

/* ---- patches ---- */

/* Copies a patch. May overwrite up to one vector after its end. */
static void copy_patch(const struct shape *s, const float *from, float *to)
{
    const cd_vf one = {1.0f};

    for (size_t i = 0; i < s->conv->window.kh; i++)
        for (size_t k = 0; k < s->line; k += CD_LANES)
            cd_vf_store(to + i * s->line + k, cd_vf_load(from + i * s->stride + k));
    cd_vf_store(to + s->taps, one);
}

/* Copies the patches of outputs first .. first+count-1 of a row of y. rows: the padded rows of x
 * that this row of y is computed from. */
static void copy_patches(const struct shape *s, const float *rows, size_t first, size_t count,
                         float *patches)
{
    const size_t across = s->conv->window.sw * s->conv->ci, down = s->conv->window.sh * s->stride;

    for (size_t i = first; i < first + count; i++, patches += s->entry) {
        if (!s->pooled) {
            copy_patch(s, rows + i * across, patches);
            continue;
        }
        for (size_t k = 0; k < 4; k++)
            copy_patch(s, rows + k / 2 * down + (2 * i + k % 2) * across, patches + k * s->patch);
        cd_vf_store(patches + 4 * s->patch, cd_vf_zero());
    }
}

/* ---- sums ---- */

/* Adds `count` pooled outputs to the sums of some channels and vectors of taps. dy and kept point
 * at the first output and channel. channels and vectors must be constants. */
CD_INLINE void add_pooled(int channels, int vectors, const struct shape *s, size_t count,
                          const float *patches, const float *dy, const uint8_t *kept, float *sums)
{
    const size_t patch = s->patch;
    cd_vf sum[CHANNELS][VECTORS];

    CD_UNROLL
    for (int c = 0; c < channels; c++)
        CD_UNROLL
        for (int v = 0; v < vectors; v++)
            sum[c][v] = cd_vf_load(sums + (size_t)c * patch + v * CD_LANES);
    for (size_t i = 0; i < count; i++, patches += PATCHES * patch, dy += s->co, kept += s->co) {
        cd_prefetch(dy + STRIP * s->co);
        CD_UNROLL
        for (int c = 0; c < channels; c++) {
            const cd_vf gradient = cd_vf_all(dy[c]);
            const float *from = patches + kept[c] * patch;
            CD_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[c][v] = cd_vf_fma(gradient, cd_vf_load(from + v * CD_LANES), sum[c][v]);
        }
    }
    CD_UNROLL
    for (int c = 0; c < channels; c++)
        CD_UNROLL
        for (int v = 0; v < vectors; v++)
            cd_vf_store(sums + (size_t)c * patch + v * CD_LANES, sum[c][v]);
}

CD_INLINE void add_plain(int channels, int vectors, const struct shape *s, size_t count,
                         const float *patches, const float *dy, float *sums)
{
    const size_t patch = s->patch;
    cd_vf sum[CHANNELS][VECTORS];

    CD_UNROLL
    for (int c = 0; c < channels; c++)
        CD_UNROLL
        for (int v = 0; v < vectors; v++)
            sum[c][v] = cd_vf_load(sums + (size_t)c * patch + v * CD_LANES);
    for (size_t i = 0; i < count; i++, patches += patch, dy += s->co) {
        cd_prefetch(dy + STRIP * s->co);
        cd_vf values[VECTORS];
        CD_UNROLL
        for (int v = 0; v < vectors; v++)
            values[v] = cd_vf_load(patches + v * CD_LANES);
        CD_UNROLL
        for (int c = 0; c < channels; c++) {
            const cd_vf gradient = cd_vf_all(dy[c]);
            CD_UNROLL
            for (int v = 0; v < vectors; v++)
                sum[c][v] = cd_vf_fma(gradient, values[v], sum[c][v]);
        }
    }
    CD_UNROLL
    for (int c = 0; c < channels; c++)
        CD_UNROLL
        for (int v = 0; v < vectors; v++)
            cd_vf_store(sums + (size_t)c * patch + v * CD_LANES, sum[c][v]);
}

CD_INLINE void add(int channels, int vectors, const struct shape *s, size_t count,
                   const float *patches, const float *dy, const uint8_t *kept, float *sums)
{
    if (s->pooled)
        add_pooled(channels, vectors, s, count, patches, dy, kept, sums);
    else
        add_plain(channels, vectors, s, count, patches, dy, sums);
}

static void add_group(const struct shape *s, size_t count, const float *patches, const float *dy,
                      const uint8_t *kept, float *sums)
{
    size_t k = 0;

    for (; s->group == CHANNELS && k + VECTORS * CD_LANES <= s->patch; k += VECTORS * CD_LANES)
        add(CHANNELS, VECTORS, s, count, patches + k, dy, kept, sums + k);
    for (; s->group == CHANNELS && k < s->patch; k += CD_LANES)
        add(CHANNELS, 1, s, count, patches + k, dy, kept, sums + k);
    for (; k < s->patch; k += CD_LANES)
        add(1, 1, s, count, patches + k, dy, kept, sums + k);
}

/* Adds the gradient of one row of y to sums. rows: the padded rows of x that it is computed
 * from. */
static void add_row(const struct shape *s, const float *rows, const float *dy, const uint8_t *kept,
                    float *patches, float *sums)
{
    for (size_t first = 0; first < s->columns; first += STRIP) {
        const size_t count = cd_smaller(STRIP, s->columns - first);
        copy_patches(s, rows, first, count, patches);
        for (size_t k = 0; s->pooled && k < STRIP * s->co; k += 64)
            cd_prefetch(kept + (first + STRIP) * s->co + k);
        for (size_t g = 0; g < s->groups; g++) {
            const size_t at = first * s->co + first_of_group(s, g);
            add_group(s, count, patches, dy + at, s->pooled ? kept + at : NULL,
                      sums + g * s->group * s->patch);
        }
    }
}

static void add_image(const struct shape *s, const float *x, const float *dy, const uint8_t *kept,
                        float *patches, float *rows, float *row_sums, float *sums)
{
    const size_t lines = s->conv->window.kh + (s->pooled ? s->conv->window.sh : 0);
    const size_t step = (s->pooled ? 2 : 1) * s->conv->window.sh, n = sums_floats(s);

    for (size_t row = 0; row < s->rows; row++) {
        const size_t at = row * s->columns * s->co;
        direct_padded_rows(s->conv, x, row * step, lines, rows, s->stride);
        memset(row_sums, 0, n * sizeof *row_sums);
        add_row(s, rows, dy + at, s->pooled ? kept + at : NULL, patches, row_sums);
        for (size_t i = 0; i < n; i += CD_LANES)
            cd_vf_store(sums + i, cd_vf_load(sums + i) + cd_vf_load(row_sums + i));
    }
}

void CD_LEVEL_NAME(direct_gradient)(const struct cd_conv_layer *layer, size_t n, const float *x,
                                    const float *dy, const uint8_t *kept, float *dkernel,
                                    float *dbias, float *scratch)
{
    const struct shape s = shape_of(layer);
    const size_t y_size = s.rows * s.columns * s.co, x_size = s.conv->h * s.conv->w * s.conv->ci;
    float *const patches = cd_first_line(scratch);
    float *const sums = patches + STRIP * s.entry + CD_LANES;
    float *const row_sums = sums + sums_floats(&s), *const rows = row_sums + sums_floats(&s);

    memset(sums, 0, sums_floats(&s) * sizeof *sums);
    memset(patches, 0, STRIP * s.entry * sizeof *patches);
    for (size_t i = 0; i < n; i++)
        add_image(&s, x + i * x_size, dy + i * y_size, s.pooled ? kept + i * y_size : NULL,
                    patches, rows, row_sums, sums);
    for (size_t g = 0; g < s.groups; g++)
        for (size_t c = 0; c < s.group; c++) {
            const size_t o = first_of_group(&s, g) + c;
            const float *sum = sums + (g * s.group + c) * s.patch;
            for (size_t t = 0; t < s.taps; t++)
                dkernel[t * s.co + o] = sum[t];
            if (dbias)
                dbias[o] = sum[s.taps];
        }
}

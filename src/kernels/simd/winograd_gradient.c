/* SPDX-License-Identifier: MIT
 *
 * Backward kernel. The tiles of all images are visited three times, once for each pair of rows of
 * points. The sums of a pair's 12 points then stay in the second-level cache, for all channels of y
 * or a block of them:
 *
 *     data tiles -> v[12][tiles][ci], gradient tiles -> d[12][tiles][block]
 *     for each point: sums[point] += transpose of v[point] d[point] */
#include <string.h>

#include "kernels/simd/winograd_work.h"

enum {
    SUMS = 192 << 10,   /* approximate floats of the sums */
    FACTORS = 128 << 10 /* approximate floats of v and d */
};

/* Returns the number of channels of y in a gradient block, a multiple of two vectors. */
static size_t block_channels(const struct winograd_work *work)
{
    const size_t block = WINOGRAD_BLOCK * CD_LANES;
    const size_t fit = SUMS / WINOGRAD_PAIR / work->ci / block * block;

    return cd_smaller(winograd_whole(work->co), fit ? fit : block);
}

static size_t tiles_of_block(const struct winograd_work *work)
{
    const size_t fit = FACTORS / WINOGRAD_PAIR / (winograd_whole(work->ci) + block_channels(work));

    return fit < 16 ? 16 : fit;
}

size_t CD_LEVEL_NAME(winograd_gradient_scratch)(const struct winograd_work *work)
{
    const size_t width = block_channels(work), tiles = tiles_of_block(work);

    return WINOGRAD_GAP + 2 * winograd_whole(work->co) +
           WINOGRAD_PAIR *
               (winograd_plane(tiles, winograd_whole(work->ci)) + winograd_plane(tiles, width) +
                winograd_plane(work->ci, width));
}

/* The sums of one pair of rows of points, for one gradient block. */
struct sums {
    size_t ci, o, channels; /* channels o .. o+channels-1 of y */
    size_t columns;         /* channels in whole vectors; a plane is ci x columns */
    size_t block;           /* largest number of tiles in a block */
    float *sums, *v;
};

/* Adds a block of tiles to the sums. Gradients and sums are stored block of columns by block of
 * columns, so each product reads and writes contiguous memory. */
static void add_block(size_t pair, const struct winograd_map *x, const struct winograd_map *dy,
                      size_t first, size_t count, const struct sums *to)
{
    const size_t stride = winograd_whole(to->ci), vectors = cd_vectors(to->channels);
    const size_t v_plane = winograd_plane(count, stride);
    const size_t d_plane = winograd_plane(count, to->columns);
    const size_t sums_plane = winograd_plane(to->ci, to->columns);
    float *d = to->v + WINOGRAD_PAIR * v_plane;

    CD_LEVEL_NAME(winograd_data_tiles_of)(pair, x, first, count, to->v, v_plane);
    for (size_t k = 0; k < vectors; k += winograd_block(vectors - k)) {
        const size_t o = k * CD_LANES, columns = winograd_block(vectors - k) * CD_LANES;
        CD_LEVEL_NAME(winograd_gradient_tiles_of)(pair, dy, to->o + o,
                                                  cd_smaller(columns, to->channels - o),
                                                  first, count, d + o * count, d_plane);
    }
    for (size_t p = 0; p < WINOGRAD_PAIR; p++)
        for (size_t k = 0; k < vectors; k += winograd_block(vectors - k))
            CD_LEVEL_NAME(winograd_outer)(to->ci, count, winograd_block(vectors - k),
                                          to->v + p * v_plane, stride,
                                          d + p * d_plane + k * CD_LANES * count,
                                          to->sums + p * sums_plane + k * CD_LANES * to->ci);
}

/* Adds all tiles in blocks, which may extend over several images. */
static void add_tiles(size_t pair, const struct winograd_map *x, const struct winograd_map *dy,
                      size_t tiles, const struct sums *to)
{
    const size_t blocks = cd_divide_up(tiles, to->block);

    for (size_t block = 0; block < blocks; block++) {
        const size_t first = tiles * block / blocks;
        add_block(pair, x, dy, first, tiles * (block + 1) / blocks - first, to);
    }
}

/* Adds channels first .. last-1 of a row of the gradient to sums, which are in whole vectors. */
static void add_row(const struct winograd_map *dy, size_t row, size_t first, size_t last,
                    float *sums)
{
    for (size_t column = 0; column < dy->w; column++)
        for (size_t o = first; o < last; o += CD_LANES) {
            const size_t lanes = winograd_lanes(last - o);
            const size_t at = (row * dy->w + column) * dy->c + o;
            cd_vf value = winograd_load(dy->values + at, lanes);
            if (dy->winner) {
                const cd_vi winner = winograd_load_bytes(dy->winner + at, lanes);
                value = cd_vf_select(cd_vi_equal(winner, cd_vi_all(4)), cd_vf_zero(), value);
            }
            cd_vf_store(sums + o - first, cd_vf_load(sums + o - first) + value);
        }
}

/* Computes dbias from n images. Each row is summed separately first, which keeps sums short. */
static void bias_gradient(const struct winograd_map *dy, size_t n, size_t first, size_t last,
                          float *sums, float *dbias)
{
    const size_t size = winograd_whole(last - first);
    float *row_sums = sums + size;

    memset(sums, 0, size * sizeof *sums);
    for (size_t row = 0; row < n * dy->h; row++) {
        memset(row_sums, 0, size * sizeof *row_sums);
        add_row(dy, row, first, last, row_sums);
        for (size_t o = 0; o < size; o += CD_LANES)
            cd_vf_store(sums + o, cd_vf_load(sums + o) + cd_vf_load(row_sums + o));
    }
    memcpy(dbias + first, sums, (last - first) * sizeof *dbias);
}

/* Computes a gradient block of dkernel, pair by pair. */
static void differentiate(const struct winograd_map *x, const struct winograd_map *dy,
                          size_t tiles, const struct sums *to, float *dkernel)
{
    const size_t sums_plane = winograd_plane(to->ci, to->columns);
    const size_t vectors = cd_vectors(to->channels);

    for (size_t pair = 0; pair < WINOGRAD_PAIRS; pair++) {
        memset(to->sums, 0, WINOGRAD_PAIR * sums_plane * sizeof *to->sums);
        add_tiles(pair, x, dy, tiles, to);
        for (size_t k = 0; k < vectors; k += winograd_block(vectors - k)) {
            const size_t o = k * CD_LANES, columns = winograd_block(vectors - k) * CD_LANES;
            CD_LEVEL_NAME(winograd_kernel_back)(pair, to->ci, dy->c, to->o + o,
                                                cd_smaller(columns, to->channels - o),
                                                to->sums + o * to->ci, sums_plane, dkernel);
        }
    }
}

size_t CD_LEVEL_NAME(winograd_gradient_blocks)(const struct cd_conv_layer *layer)
{
    const struct winograd_work work = winograd_work_of(layer, CD_CONV_BACKWARD_KERNEL);

    return cd_divide_up(work.co, block_channels(&work));
}

void CD_LEVEL_NAME(winograd_backward_kernel)(const struct cd_conv_layer *layer, size_t block,
                                             size_t n, const float *x, const float *dy,
                                             const void *winners, float *dkernel, float *dbias,
                                             float *floats)
{
    const struct cd_conv *conv = &layer->conv;
    const struct winograd_work work = winograd_work_of(layer, CD_CONV_BACKWARD_KERNEL);
    const struct winograd_map xs = {x, NULL, conv->h, conv->w, conv->ci,
                                    conv->window.top, conv->window.left, work.across, work.rows};
    const struct winograd_map dys = winograd_gradient_map(layer, dy, winners, 0, 0, &work);
    float *bias = cd_first_line(floats), *sums = bias + 2 * winograd_whole(conv->co);
    const size_t width = block_channels(&work), o = block * width;
    const size_t channels = cd_smaller(width, conv->co - o);
    const size_t columns = winograd_whole(channels);
    const struct sums to = {conv->ci, o, channels, columns, tiles_of_block(&work),
                            sums, sums + WINOGRAD_PAIR * winograd_plane(conv->ci, columns)};

    differentiate(&xs, &dys, n * work.rows * work.across, &to, dkernel);
    if (dbias)
        bias_gradient(&dys, n, o, o + channels, bias, dbias);
}

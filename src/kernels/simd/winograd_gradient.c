/* SPDX-License-Identifier: MIT
 *
 * Backward kernel of the algorithm "winograd". It sums the products of the points of x and dy over
 * all tiles of all images. The work is done in three rounds, one for each pair of rows of points,
 * so that the sums of the 12 points of a pair stay in the second-level cache. If dkernel is too
 * large for that, it is divided into gradient blocks (conv.h). In each round, for each block of
 * tiles:
 *
 *     6 x 6 tiles of x -> v[12][tiles][ci]
 *     4 x 4 tiles of dy -> d[12][tiles][channels of the gradient block]
 *     for each point: sums[point] += v[point]^T d[point] */
#include <string.h>

#include "kernels/simd/winograd_work.h"

enum {
    SUMS = 192 << 10,   /* approximate size of the sums, in floats */
    FACTORS = 128 << 10 /* approximate size of v and d, in floats */
};

/* Returns the number of output channels of a gradient block, a multiple of two vectors unless there
 * is only one block. */
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

/* The sums of one pair, for one gradient block. */
struct sums {
    size_t ci, o, channels; /* the gradient block: output channels o .. o+channels-1 */
    /* channels, rounded up to whole vectors; a plane of sums is ci x columns */
    size_t columns;
    size_t block;           /* largest number of tiles in a block */
    float *sums, *v;
};

/* Adds a block of tiles to the sums. The gradient points d and the sums are divided into blocks of
 * columns, stored one after the other. Each product then reads and writes contiguous memory. */
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

/* Adds all tiles to the sums, block by block. A block may contain tiles of several images. */
static void add_tiles(size_t pair, const struct winograd_map *x, const struct winograd_map *dy,
                      size_t tiles, const struct sums *to)
{
    const size_t blocks = cd_divide_up(tiles, to->block);

    for (size_t block = 0; block < blocks; block++) {
        const size_t first = tiles * block / blocks;
        add_block(pair, x, dy, first, tiles * (block + 1) / blocks - first, to);
    }
}

/* Adds a row of dy, channels first .. last-1, to sums, which are padded to whole vectors. */
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

/* Computes channels first .. last-1 of dbias from n images. Each row is summed separately and then
 * added to the total, which keeps rounding errors small. */
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

/* Computes one gradient block of dkernel, one pair after the other. */
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

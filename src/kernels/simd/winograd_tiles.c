/* SPDX-License-Identifier: MIT
 *
 * Tiles of a map to points. A tile that lies inside a dense map is read where it is; others are put
 * together in a buffer first. */
#include "kernels/simd/winograd.h"

/* Room for a tile that is put together: 6 x 6 vectors begin at an odd or even row and column of whole
 * windows of a pooling. */
enum { SIDE = 8, ROW = SIDE * CD_LANES };

struct buffer {
    float values[SIDE * ROW] __attribute__((aligned(64)));
};

/* size x size elements from (row, column) on, which may lie before the map: then they are so large
 * that they are not below h or w either. */
CD_INLINE void gather(const struct winograd_map *map, size_t row, size_t column, size_t size,
                      size_t o, size_t lanes, float *to)
{
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++) {
            cd_vf value = cd_vf_zero();
            if (row + i < map->h && column + j < map->w)
                value = winograd_load(
                    map->values + ((row + i) * map->w + column + j) * map->c + o, lanes);
            cd_vf_store(to + i * ROW + j * CD_LANES, value);
        }
}

/* The four elements of a window of a pooling. */
CD_INLINE void spread(cd_vf value, cd_vi winner, float *to)
{
    for (int k = 0; k < 4; k++)
        cd_vf_store(to + k / 2 * ROW + k % 2 * CD_LANES,
                    cd_vf_select(cd_vi_equal(winner, cd_vi_all(k)), value, cd_vf_zero()));
}

/* rows x columns windows from window (row, column) on. */
CD_INLINE void gather_windows(const struct winograd_map *map, size_t row, size_t column, size_t rows,
                              size_t columns, size_t o, size_t lanes, float *to)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            cd_vf value = cd_vf_zero();
            cd_vi winner = cd_vi_all(4);
            if (row + i < map->h && column + j < map->w) {
                const size_t at = ((row + i) * map->w + column + j) * map->c + o;
                value = winograd_load(map->values + at, lanes);
                winner = winograd_load_bytes(map->winner + at, lanes);
            }
            spread(value, winner, to + 2 * i * ROW + 2 * j * CD_LANES);
        }
}

/* One vector of channels of one tile: 6 x 6 vectors, rows and columns that far apart. */
CD_INLINE void transform_data(const float *from, size_t row, size_t column, float *v, size_t plane)
{
    cd_vf half[6][6];

    for (size_t j = 0; j < 6; j++) {
        cd_vf d[6], t[6];
        for (size_t i = 0; i < 6; i++)
            d[i] = cd_vf_load(from + i * row + j * column);
        winograd_data(d, t);
        for (size_t i = 0; i < 6; i++)
            half[i][j] = t[i];
    }
    for (size_t i = 0; i < 6; i++) {
        cd_vf t[6];
        winograd_data(half[i], t);
        for (size_t j = 0; j < 6; j++)
            cd_vf_store(v + (6 * i + j) * plane, t[j]);
    }
}

static void dense_tile(const struct winograd_map *map, size_t row, size_t column, float *v,
                       size_t plane)
{
    const int inside = row < map->h && row + 6 <= map->h && column < map->w && column + 6 <= map->w;

    for (size_t o = 0; o < map->c; o += CD_LANES, v += CD_LANES) {
        const size_t lanes = winograd_lanes(map->c - o);
        if (inside && lanes == CD_LANES) {
            transform_data(map->values + (row * map->w + column) * map->c + o, map->w * map->c,
                           map->c, v, plane);
        } else {
            struct buffer buffer;
            gather(map, row, column, 6, o, lanes, buffer.values);
            transform_data(buffer.values, ROW, CD_LANES, v, plane);
        }
    }
}

/* The tile begins before window (2 t, 2 u) by top rows and left columns: within or before a window,
 * which is unpooled with it. */
static void pooled_tile(const struct winograd_map *map, size_t t, size_t u, float *v, size_t plane)
{
    const size_t odd_row = map->top % 2, odd_column = map->left % 2;
    const size_t row = 2 * t - (map->top + 1) / 2, column = 2 * u - (map->left + 1) / 2;

    for (size_t o = 0; o < map->c; o += CD_LANES, v += CD_LANES) {
        struct buffer buffer;
        gather_windows(map, row, column, 3 + odd_row, 3 + odd_column, o,
                       winograd_lanes(map->c - o), buffer.values);
        transform_data(buffer.values + odd_row * ROW + odd_column * CD_LANES, ROW, CD_LANES, v,
                       plane);
    }
}

void CD_LEVEL_NAME(winograd_data_tiles)(const struct winograd_map *map, size_t first, size_t count,
                                        float *v, size_t plane)
{
    const size_t stride = winograd_vectors(map->c) * CD_LANES;

    for (size_t k = 0; k < count; k++) {
        const size_t t = (first + k) / map->across, u = (first + k) % map->across;
        if (map->winner)
            pooled_tile(map, t, u, v + k * stride, plane);
        else
            dense_tile(map, WINOGRAD_STEP * t - map->top, WINOGRAD_STEP * u - map->left,
                       v + k * stride, plane);
    }
}

/* ---- derivative by the kernel: the taps are a tile of the gradient ---- */

CD_INLINE void transform_gradient(const float *from, size_t row, size_t column, float *v,
                                  size_t plane)
{
    cd_vf half[6][4];

    for (size_t j = 0; j < 4; j++) {
        cd_vf g[4], t[6];
        for (size_t i = 0; i < 4; i++)
            g[i] = cd_vf_load(from + i * row + j * column);
        winograd_gradient(g, t);
        for (size_t i = 0; i < 6; i++)
            half[i][j] = t[i];
    }
    for (size_t i = 0; i < 6; i++) {
        cd_vf t[6];
        winograd_gradient(half[i], t);
        for (size_t j = 0; j < 6; j++)
            cd_vf_store(v + (6 * i + j) * plane, t[j]);
    }
}

static void gradient_tile(const struct winograd_map *map, size_t o, size_t channels, size_t t,
                          size_t u, float *v, size_t plane)
{
    const size_t row = WINOGRAD_STEP * t, column = WINOGRAD_STEP * u;
    const int inside = !map->winner && row + 4 <= map->h && column + 4 <= map->w;

    for (size_t last = o + channels; o < last; o += CD_LANES, v += CD_LANES) {
        const size_t lanes = winograd_lanes(last - o);
        if (inside && lanes == CD_LANES) {
            transform_gradient(map->values + (row * map->w + column) * map->c + o, map->w * map->c,
                               map->c, v, plane);
        } else {
            struct buffer buffer;
            if (map->winner)
                gather_windows(map, 2 * t, 2 * u, 2, 2, o, lanes, buffer.values);
            else
                gather(map, row, column, 4, o, lanes, buffer.values);
            transform_gradient(buffer.values, ROW, CD_LANES, v, plane);
        }
    }
}

void CD_LEVEL_NAME(winograd_gradient_tiles)(const struct winograd_map *map, size_t o,
                                            size_t channels, size_t first, size_t count, float *v,
                                            size_t plane)
{
    const size_t stride = winograd_vectors(channels) * CD_LANES;

    for (size_t k = 0; k < count; k++)
        gradient_tile(map, o, channels, (first + k) / map->across, (first + k) % map->across,
                      v + k * stride, plane);
}

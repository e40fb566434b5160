/* SPDX-License-Identifier: MIT
 *
 * Transforms the tiles of a feature map to points. A tile that lies inside an unpooled feature map
 * is read in place; other tiles are first gathered in a buffer. */
#include "kernels/simd/winograd.h"

/* Sizes of the buffer for a gathered tile: 6 x 6 vectors, and two more rows and columns because a
 * pooled tile may begin and end inside a pooling window. */
enum { SIDE = 8, ROW = SIDE * CD_LANES };

struct buffer {
    float values[SIDE * ROW] __attribute__((aligned(64)));
};

CD_INLINE struct winograd_map image_of(const struct winograd_map *map, size_t image)
{
    const size_t offset = image * map->h * map->w * map->c;
    struct winograd_map one = *map;

    one.values += offset;
    if (one.winner)
        one.winner += offset;
    return one;
}

/* Gathers size x size elements, from (row, column) on. A row or column before the map has wrapped
 * around to a huge number, so it is not less than h or w and counts as outside. */
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

/* Writes the four elements of a pooling window: `value` at the winner, 0 at the others. */
CD_INLINE void spread(cd_vf value, cd_vi winner, float *to)
{
    for (int k = 0; k < 4; k++)
        cd_vf_store(to + k / 2 * ROW + k % 2 * CD_LANES,
                    cd_vf_select(cd_vi_equal(winner, cd_vi_all(k)), value, cd_vf_zero()));
}

/* Gathers rows x columns pooling windows, from window (row, column) on. */
CD_INLINE void gather_windows(const struct winograd_map *map, size_t row, size_t column,
                              size_t rows, size_t columns, size_t o, size_t lanes, float *to)
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

/* Transforms one vector of channels of a tile to the 12 points of a pair. row, column: distances of
 * two rows and of two columns of the tile, in floats. */
CD_INLINE void transform_pair(size_t pair, const float *from, size_t row, size_t column, float *v,
                              size_t plane)
{
    cd_vf half[2][6];

    CD_UNROLL
    for (size_t j = 0; j < 6; j++) {
        cd_vf d[6], t[2];
        for (size_t i = 0; i < 6; i++)
            d[i] = cd_vf_load(from + i * row + j * column);
        winograd_data(pair, d, t);
        half[0][j] = t[0];
        half[1][j] = t[1];
    }
    CD_UNROLL
    for (size_t k = 0; k < 6; k++) {
        cd_vf t[2];
        winograd_data(k % 3, half[k / 3], t);
        cd_vf_store(v + (k / 3 * 6 + k % 3 * 2) * plane, t[0]);
        cd_vf_store(v + (k / 3 * 6 + k % 3 * 2 + 1) * plane, t[1]);
    }
}

typedef void transform_fn(const float *from, size_t row, size_t column, float *v, size_t plane);

static void transform_0(const float *from, size_t row, size_t column, float *v, size_t plane)
{
    transform_pair(0, from, row, column, v, plane);
}

static void transform_1(const float *from, size_t row, size_t column, float *v, size_t plane)
{
    transform_pair(1, from, row, column, v, plane);
}

static void transform_2(const float *from, size_t row, size_t column, float *v, size_t plane)
{
    transform_pair(2, from, row, column, v, plane);
}

static void transform_all(const float *from, size_t row, size_t column, float *v, size_t plane)
{
    transform_0(from, row, column, v, plane);
    transform_1(from, row, column, v + WINOGRAD_PAIR * plane, plane);
    transform_2(from, row, column, v + 2 * WINOGRAD_PAIR * plane, plane);
}

CD_INLINE void dense_tile(const struct winograd_map *map, transform_fn *transform, size_t row,
                          size_t column, float *v, size_t plane)
{
    const int inside = row < map->h && row + 6 <= map->h && column < map->w && column + 6 <= map->w;

    for (size_t o = 0; o < map->c; o += CD_LANES, v += CD_LANES) {
        const size_t lanes = winograd_lanes(map->c - o);
        if (inside && lanes == CD_LANES) {
            transform(map->values + (row * map->w + column) * map->c + o, map->w * map->c, map->c,
                      v, plane);
        } else {
            struct buffer buffer;
            gather(map, row, column, 6, o, lanes, buffer.values);
            transform(buffer.values, ROW, CD_LANES, v, plane);
        }
    }
}

/* Transforms the tile in row t and column u of tiles of a pooled map. The tile begins map->top rows
 * and map->left columns before pooling window (2 t, 2 u). If that is inside a window, the whole
 * window is gathered. */
CD_INLINE void pooled_tile(const struct winograd_map *map, transform_fn *transform, size_t t,
                           size_t u, float *v, size_t plane)
{
    const size_t odd_row = map->top % 2, odd_column = map->left % 2;
    const size_t row = 2 * t - (map->top + 1) / 2, column = 2 * u - (map->left + 1) / 2;

    for (size_t o = 0; o < map->c; o += CD_LANES, v += CD_LANES) {
        struct buffer buffer;
        gather_windows(map, row, column, 3 + odd_row, 3 + odd_column, o,
                       winograd_lanes(map->c - o), buffer.values);
        transform(buffer.values + odd_row * ROW + odd_column * CD_LANES, ROW, CD_LANES, v, plane);
    }
}

CD_INLINE void data_tiles(const struct winograd_map *map, transform_fn *transform, size_t first,
                          size_t count, float *v, size_t plane)
{
    const size_t stride = cd_vectors(map->c) * CD_LANES;

    for (size_t k = 0; k < count; k++) {
        const struct winograd_place at = winograd_place_of(first + k, map->across, map->down);
        const struct winograd_map image = image_of(map, at.image);
        if (map->winner)
            pooled_tile(&image, transform, at.t, at.u, v + k * stride, plane);
        else
            dense_tile(&image, transform, WINOGRAD_STEP * at.t - map->top,
                       WINOGRAD_STEP * at.u - map->left, v + k * stride, plane);
    }
}

void CD_LEVEL_NAME(winograd_data_tiles)(const struct winograd_map *map, size_t first, size_t count,
                                        float *v, size_t plane)
{
    data_tiles(map, transform_all, first, count, v, plane);
}

void CD_LEVEL_NAME(winograd_data_tiles_of)(size_t pair, const struct winograd_map *map,
                                           size_t first, size_t count, float *v, size_t plane)
{
    static transform_fn *const transforms[] = {transform_0, transform_1, transform_2};

    data_tiles(map, transforms[pair], first, count, v, plane);
}

/* ---- backward kernel: tiles of dy ---- */

CD_INLINE void transform_gradient(size_t pair, cd_vf g[4][4], float *v, size_t plane)
{
    cd_vf half[2][4];

    CD_UNROLL
    for (size_t j = 0; j < 4; j++) {
        const cd_vf column[4] = {g[0][j], g[1][j], g[2][j], g[3][j]};
        cd_vf t[2];
        winograd_gradient(pair, column, t);
        half[0][j] = t[0];
        half[1][j] = t[1];
    }
    CD_UNROLL
    for (size_t k = 0; k < 6; k++) {
        cd_vf t[2];
        winograd_gradient(k % 3, half[k / 3], t);
        cd_vf_store(v + (k / 3 * 6 + k % 3 * 2) * plane, t[0]);
        cd_vf_store(v + (k / 3 * 6 + k % 3 * 2 + 1) * plane, t[1]);
    }
}

/* Reads a 4 x 4 tile of dy that lies inside a pooled map, from four pooling windows. `at`: index of
 * the first window. */
CD_INLINE void read_windows(const struct winograd_map *map, size_t at, cd_vf g[4][4])
{
    CD_UNROLL
    for (size_t k = 0; k < 4; k++) {
        const size_t from = at + (k / 2 * map->w + k % 2) * map->c;
        const cd_vf value = cd_vf_load(map->values + from);
        const cd_vi winner = cd_vi_load_bytes(map->winner + from);
        CD_UNROLL
        for (int e = 0; e < 4; e++)
            g[k / 2 * 2 + (size_t)e / 2][k % 2 * 2 + (size_t)e % 2] =
                cd_vf_select(cd_vi_equal(winner, cd_vi_all(e)), value, cd_vf_zero());
    }
}

CD_INLINE void read_elements(const float *from, size_t row, size_t column, cd_vf g[4][4])
{
    CD_UNROLL
    for (size_t k = 0; k < 16; k++)
        g[k / 4][k % 4] = cd_vf_load(from + k / 4 * row + k % 4 * column);
}

/* Transforms channels o .. last-1 of the tile in row t and column u of tiles. */
CD_INLINE void gradient_tile(size_t pair, const struct winograd_map *map, size_t o, size_t last,
                             size_t t, size_t u, float *v, size_t plane)
{
    /* number of rows and columns of a tile in map->values */
    const size_t size = map->winner ? 2 : 4;
    const size_t row = size * t, column = size * u;
    const int inside = row + size <= map->h && column + size <= map->w;

    for (; o < last; o += CD_LANES, v += CD_LANES) {
        const size_t lanes = winograd_lanes(last - o), at = (row * map->w + column) * map->c + o;
        cd_vf g[4][4];
        if (inside && lanes == CD_LANES && map->winner) {
            read_windows(map, at, g);
        } else if (inside && lanes == CD_LANES) {
            read_elements(map->values + at, map->w * map->c, map->c, g);
        } else {
            struct buffer buffer;
            if (map->winner)
                gather_windows(map, row, column, 2, 2, o, lanes, buffer.values);
            else
                gather(map, row, column, 4, o, lanes, buffer.values);
            read_elements(buffer.values, ROW, CD_LANES, g);
        }
        transform_gradient(pair, g, v, plane);
    }
}

CD_INLINE void gradient_tiles(size_t pair, const struct winograd_map *map, size_t o,
                              size_t channels, size_t first, size_t count, float *v, size_t plane)
{
    const size_t stride = cd_vectors(channels) * CD_LANES;

    for (size_t k = 0; k < count; k++) {
        const struct winograd_place at = winograd_place_of(first + k, map->across, map->down);
        const struct winograd_map image = image_of(map, at.image);
        gradient_tile(pair, &image, o, o + channels, at.t, at.u, v + k * stride, plane);
    }
}

void CD_LEVEL_NAME(winograd_gradient_tiles_of)(size_t pair, const struct winograd_map *map,
                                               size_t o, size_t channels, size_t first,
                                               size_t count, float *v, size_t plane)
{
    if (pair == 0)
        gradient_tiles(0, map, o, channels, first, count, v, plane);
    else if (pair == 1)
        gradient_tiles(1, map, o, channels, first, count, v, plane);
    else
        gradient_tiles(2, map, o, channels, first, count, v, plane);
}

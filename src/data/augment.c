/* SPDX-License-Identifier: MIT */
#include "data/augment.h"

#include "core/random.h"
#include "image/mirror.h"
#include "image/preprocess.h"

/* Number of output pixels processed at once. They are stored as a structure of arrays, so that the
 * compiler can vectorise the loops. */
enum { RUN = 64 };

/* The source image, and what is done to the colours of every pixel. */
struct work {
    const struct cd_rgb_image *source;
    float colour[3][4];        /* cd_augment.colour in float */
    float scale[3], offset[3]; /* normalisation: a channel v becomes v * scale + offset */
};

/* Output pixels that are processed at once. Each is interpolated between four source pixels. */
struct run {
    int32_t at[RUN];               /* byte offset of the upper left source pixel */
    float across[RUN], down[RUN];  /* distance from that source pixel: 0 .. 1 */
    uint32_t packed[2][2][RUN];    /* source pixel [row][column] as r | g << 8 | b << 16 */
    float rgb[3][RUN];             /* interpolated channels */
    float seen[3][RUN];            /* channels after colour change and normalisation */
};

static inline float limited(float value, float most)
{
    value = value < 0 ? 0 : value;
    return value > most ? most : value;
}

/* Sets at, across and down of n output pixels. Pixel i is sampled at the source position
 * (x + i * dx, y + i * dy), which is clamped to the source. For a position in the last column (or
 * row), the upper left source pixel is in the column before, at distance 1, so that all four source
 * pixels exist. */
static void find_places(const struct work *work, float x, float dx, float y, float dy, size_t n,
                        struct run *run)
{
    const float right = (float)(work->source->width - 1), low = (float)(work->source->height - 1);
    const float column = right > 0 ? right - 1 : 0, row = low > 0 ? low - 1 : 0;
    const int32_t width = (int32_t)work->source->width;

    for (size_t i = 0; i < n; i++) {
        const float sx = limited(x + dx * (float)(int32_t)i, right);
        const float sy = limited(y + dy * (float)(int32_t)i, low);
        const float fx = limited((float)(int32_t)sx, column), fy = limited((float)(int32_t)sy, row);
        run->across[i] = sx - fx;
        run->down[i] = sy - fy;
        run->at[i] = ((int32_t)fy * width + (int32_t)fx) * 3;
    }
}

static inline uint32_t packed(const uint8_t *rgb)
{
    return (uint32_t)rgb[0] | (uint32_t)rgb[1] << 8 | (uint32_t)rgb[2] << 16;
}

static void fetch(const struct work *work, size_t n, struct run *run)
{
    const size_t next = work->source->width > 1 ? 3 : 0;
    const size_t below = work->source->height > 1 ? 3 * work->source->width : 0;

    for (size_t i = 0; i < n; i++) {
        const uint8_t *rgb = work->source->rgb + run->at[i];
        run->packed[0][0][i] = packed(rgb);
        run->packed[0][1][i] = packed(rgb + next);
        run->packed[1][0][i] = packed(rgb + below);
        run->packed[1][1][i] = packed(rgb + below + next);
    }
}

static inline float channel(uint32_t pixel, int shift)
{
    return (float)(int32_t)(pixel >> shift & 255);
}

static void interpolate(size_t n, int shift, const struct run *run, float *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        const float a = channel(run->packed[0][0][i], shift);
        const float b = channel(run->packed[0][1][i], shift);
        const float c = channel(run->packed[1][0][i], shift);
        const float d = channel(run->packed[1][1][i], shift);
        const float upper = a + run->across[i] * (b - a), lower = c + run->across[i] * (d - c);
        out[i] = upper + run->down[i] * (lower - upper);
    }
}

/* Computes channel c of n pixels: applies the colour matrix, clips to 0 .. 255 and normalises. */
static void recolour(const struct work *work, size_t c, size_t n, const struct run *run,
                     float *restrict out)
{
    const float *m = work->colour[c], scale = work->scale[c], offset = work->offset[c];

    for (size_t i = 0; i < n; i++) {
        const float value =
            m[0] * run->rgb[0][i] + m[1] * run->rgb[1][i] + m[2] * run->rgb[2][i] + m[3];
        out[i] = limited(value, 255) * scale + offset;
    }
}

static void write_pixels(size_t n, const struct run *run, float *x)
{
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < 3; c++)
            x[3 * i + c] = run->seen[c][i];
}

static struct work make_work(const struct cd_augment *augment, const struct cd_rgb_image *source,
                             const float table[3][256])
{
    struct work work = {.source = source};

    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 4; i++)
            work.colour[c][i] = (float)augment->colour[c][i];
        work.scale[c] = (float)(((double)table[c][255] - (double)table[c][0]) / 255);
        work.offset[c] = table[c][0];
    }
    return work;
}

static void resample(const struct cd_augment *augment, const struct cd_rgb_image *source,
                     const float table[3][256], size_t height, size_t width, float *x)
{
    const struct work work = make_work(augment, source, table);
    const double(*map)[3] = augment->map;
    struct run run;

    for (size_t row = 0; row < height; row++)
        for (size_t first = 0; first < width; first += RUN) {
            const size_t n = width - first < RUN ? width - first : RUN;
            const double at[2] = {(double)first, (double)row};
            const double sx = map[0][0] * at[0] + map[0][1] * at[1] + map[0][2];
            const double sy = map[1][0] * at[0] + map[1][1] * at[1] + map[1][2];
            find_places(&work, (float)sx, (float)map[0][0], (float)sy, (float)map[1][0], n, &run);
            fetch(&work, n, &run);
            for (int c = 0; c < 3; c++)
                interpolate(n, 8 * c, &run, run.rgb[c]);
            for (size_t c = 0; c < 3; c++)
                recolour(&work, c, n, &run, run.seen[c]);
            write_pixels(n, &run, x + (row * width + first) * 3);
        }
}

/* Fills the rectangle with random bytes, normalised like pixels. */
static void erase(const struct cd_erased *erased, uint64_t noise, const float table[3][256],
                  size_t width, float *x)
{
    for (size_t row = 0; row < erased->height; row++)
        for (size_t column = 0; column < erased->width; column++) {
            const uint64_t bits = cd_random_bits(noise, row * erased->width + column);
            float *pixel = x + ((erased->top + row) * width + erased->left + column) * 3;
            for (size_t c = 0; c < 3; c++)
                pixel[c] = table[c][bits >> 8 * c & 255];
        }
}

void cd_augment_apply(const struct cd_augment *augment, const struct cd_rgb_image *source,
                      const float table[3][256], size_t height, size_t width, float *x)
{
    if (augment->moved || augment->coloured) {
        resample(augment, source, table, height, width, x);
    } else {
        cd_preprocess_to_float(table, source->rgb, height * width, x);
        if (augment->mirrored)
            cd_mirror(x, height, width);
    }
    erase(&augment->erased, augment->noise, table, width, x);
}

void cd_augment_image(const struct cd_augmentation *augmentation, size_t index,
                      const struct cd_rgb_image *source, const float table[3][256], size_t height,
                      size_t width, float *x)
{
    static const struct cd_augmentation none;
    const struct cd_augment augment =
        cd_augment_draw(augmentation ? augmentation : &none, index, source, height, width);

    cd_augment_apply(&augment, source, table, height, width, x);
}

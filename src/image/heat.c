/* SPDX-License-Identifier: MIT */
#include "image/heat.h"

#include <string.h>

/* Ten evenly spaced colours of matplotlib's colour map "inferno" by Nathaniel J. Smith and Stefan
 * van der Walt (2015, public domain). Its lightness rises evenly, so it can also be read in grey
 * and by colour-blind people. */
static const uint8_t colors[][3] = {{0, 0, 4},      {27, 12, 66},   {75, 12, 107},  {120, 28, 109},
                                    {165, 44, 96},  {207, 68, 70},  {237, 105, 37}, {251, 154, 6},
                                    {247, 208, 60}, {252, 255, 164}};
enum { STEPS = sizeof colors / sizeof *colors - 1 };

void cd_heat_color(float value, float rgb[3])
{
    const float at = value * STEPS;
    const size_t step = at < STEPS ? (size_t)at : STEPS - 1;
    const float share = at - (float)step;

    for (int c = 0; c < 3; c++)
        rgb[c] = (1 - share) * colors[step][c] + share * colors[step + 1][c];
}

/* A position between two neighbouring values of the map, for linear interpolation. */
struct between {
    size_t low, high;
    float share; /* weight of the value at `high` */
};

/* Returns the position `at` among n values, where value i lies at i + 1/2. Positions before the
 * first value and behind the last one are clamped. */
static struct between between(double at, size_t n)
{
    const double place = at - 0.5;

    if (place <= 0)
        return (struct between){0, 0, 0};
    if (place >= (double)(n - 1))
        return (struct between){n - 1, n - 1, 0};
    const size_t low = (size_t)place;
    return (struct between){low, low + 1, (float)(place - (double)low)};
}

/* Returns the position in the map of pixel `pixel` of the part of the photo that is shown, in one
 * direction. In this direction the part has `size` pixels. It is resized to `to_size` pixels of the
 * preprocessed image, beginning at `to_first`. The preprocessed image has `side` pixels and the map
 * has n values. */
static struct between place_in_map(size_t pixel, size_t size, size_t to_first, size_t to_size,
                                   size_t side, size_t n)
{
    const double in_image =
        (double)to_first + ((double)pixel + 0.5) * (double)to_size / (double)size;
    return between(in_image / (double)side * (double)n, n);
}

static float value_at(const struct cd_heat_map *map, struct between down, struct between across)
{
    const float *above = map->values + down.low * map->width;
    const float *below = map->values + down.high * map->width;
    const float upper = above[across.low] + across.share * (above[across.high] - above[across.low]);
    const float lower = below[across.low] + across.share * (below[across.high] - below[across.low]);

    return upper + down.share * (lower - upper);
}

/* Converts a pixel to grey (luma of ITU-R BT.601, as in JPEG) and blends it with the colour of
 * value. */
static void blend(float value, float opacity, uint8_t *rgb)
{
    const float grey = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
    float color[3];

    cd_heat_color(value, color);
    for (int c = 0; c < 3; c++)
        rgb[c] = (uint8_t)((1 - opacity) * grey + opacity * color[c] + 0.5f);
}

static void draw(const cnn_preprocess_t *p, const struct cd_heat_map *map, float opacity,
                 cnn_image_t *image)
{
    const struct cd_preprocess_place place = cd_preprocess_place(p, image->height, image->width);

    for (size_t y = 0; y < place.height; y++) {
        const struct between down =
            place_in_map(y, place.height, place.to_y, place.to_height, p->height, map->height);
        uint8_t *row = image->pixels + ((place.y + y) * image->width + place.x) * 3;
        for (size_t x = 0; x < place.width; x++) {
            const struct between across =
                place_in_map(x, place.width, place.to_x, place.to_width, p->width, map->width);
            blend(value_at(map, down, across), opacity, row + 3 * x);
        }
    }
}

cnn_status_t cd_heat_draw(const cnn_preprocess_t *preprocess, const struct cd_heat_map *map,
                          float opacity, const cnn_image_t *photo, cnn_image_t **drawing)
{
    CD_TRY(cd_image_create(photo->context, photo->height, photo->width, drawing));
    memcpy((*drawing)->pixels, photo->pixels, photo->height * photo->width * 3);
    draw(preprocess, map, opacity, *drawing);
    return CNN_OK;
}

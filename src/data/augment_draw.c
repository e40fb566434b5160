/* SPDX-License-Identifier: MIT
 *
 * Draws the random parameters of augmentation. Computes the affine map, the colour matrix and the
 * erased rectangle from them. */
#include <math.h>

#include "core/random.h"
#include "data/augment.h"

static const double DEGREE = 3.14159265358979323846 / 180;

/* The index of each random parameter in the sample's random stream. Mirroring is drawn from the
 * epoch's stream instead. */
enum draw {
    DRAW_AREA,
    DRAW_ASPECT,
    DRAW_LEFT,
    DRAW_TOP,
    DRAW_ROTATION,
    DRAW_SHEAR,
    DRAW_BRIGHTNESS,
    DRAW_CONTRAST,
    DRAW_SATURATION,
    DRAW_HUE,
    DRAW_ERASE,
    DRAW_ERASE_AREA,
    DRAW_ERASE_ASPECT,
    DRAW_ERASE_LEFT,
    DRAW_ERASE_TOP,
    DRAW_NOISE
};

static double between(uint64_t key, enum draw draw, double low, double high)
{
    return low + (high - low) * cd_random_double(key, draw);
}

/* Returns a random factor between low and high. Its logarithm is uniformly distributed, so that a
 * factor is as likely as its inverse. */
static double factor(uint64_t key, enum draw draw, double low, double high)
{
    return low < high ? exp(between(key, draw, log(low), log(high))) : low;
}

/* A crop of the source, in fractions of the source's width and height. */
struct crop {
    double left, top, width, height;
};

/* Draws a crop that fits into the source. Its aspect ratio is the source's times a random
 * factor. */
static struct crop draw_crop(const cnn_train_options_t *o, uint64_t key)
{
    struct crop part = {0, 0, 1, 1};

    if (!(o->crop_area > 0))
        return part;
    const double area = between(key, DRAW_AREA, (double)o->crop_area, 1);
    const double widest = fmin((double)o->crop_aspect, 1 / area);
    const double aspect = factor(key, DRAW_ASPECT, 1 / widest, widest);
    part.width = fmin(sqrt(area * aspect), 1);
    part.height = fmin(sqrt(area / aspect), 1);
    part.left = between(key, DRAW_LEFT, 0, 1 - part.width);
    part.top = between(key, DRAW_TOP, 0, 1 - part.height);
    return part;
}

/* Sets out->map. A position in the output, relative to the output's centre, is scaled to the size
 * of the crop, sheared, and rotated. The result, in source pixels, is relative to the centre of the
 * crop. */
static void set_map(const cnn_train_options_t *o, uint64_t key,
                    const struct cd_rgb_image *source, double height, double width,
                    struct cd_augment *out)
{
    const struct crop part = draw_crop(o, key);
    const double sw = (double)source->width, sh = (double)source->height;
    const double angle =
        DEGREE * between(key, DRAW_ROTATION, -(double)o->rotation, (double)o->rotation);
    const double slant =
        tan(DEGREE * between(key, DRAW_SHEAR, -(double)o->shear, (double)o->shear));
    const double dx = part.width * sw / width * (out->mirrored ? -1 : 1);
    const double dy = part.height * sh / height;
    /* the product of rotation, shear and scaling: R(angle) * (1 slant; 0 1) * (dx 0; 0 dy) */
    const double m[2][2] = {{cos(angle) * dx, (cos(angle) * slant - sin(angle)) * dy},
                            {sin(angle) * dx, (sin(angle) * slant + cos(angle)) * dy}};
    const double centre[2] = {(part.left + part.width / 2) * sw - 0.5,
                              (part.top + part.height / 2) * sh - 0.5};

    for (int i = 0; i < 2; i++) {
        out->map[i][0] = m[i][0];
        out->map[i][1] = m[i][1];
        out->map[i][2] = centre[i] - m[i][0] * (width - 1) / 2 - m[i][1] * (height - 1) / 2;
    }
}

/* Sets the colour matrix and offset. In YUV (ITU-R BT.601), saturation scales the vector (U, V) and
 * hue rotates it. Brightness multiplies all channels by a factor. Contrast multiplies their
 * distance from middle grey (127.5) by a factor. Saturation and hue leave grey unchanged, so they
 * may be applied before or after brightness and contrast with the same result. */
static void set_colour(const cnn_train_options_t *o, uint64_t key, double colour[3][4])
{
    static const double luma[3] = {0.299, 0.587, 0.114}, u = 0.492, v = 0.877;
    const double brightness =
        1 + between(key, DRAW_BRIGHTNESS, -(double)o->brightness, (double)o->brightness);
    const double contrast =
        1 + between(key, DRAW_CONTRAST, -(double)o->contrast, (double)o->contrast);
    const double saturation =
        1 + between(key, DRAW_SATURATION, -(double)o->saturation, (double)o->saturation);
    const double hue = DEGREE * between(key, DRAW_HUE, -(double)o->hue, (double)o->hue);
    const double c = saturation * cos(hue), s = saturation * sin(hue);

    for (int j = 0; j < 3; j++) { /* column j of the matrix: what pure red, green or blue becomes */
        const double blue = u * ((j == 2) - luma[j]), red = v * ((j == 0) - luma[j]);
        const double r = luma[j] + (s * blue + c * red) / v;
        const double b = luma[j] + (c * blue - s * red) / u;
        const double g = (luma[j] - luma[0] * r - luma[2] * b) / luma[1];
        const double column[3] = {r, g, b};
        for (int i = 0; i < 3; i++)
            colour[i][j] = contrast * brightness * column[i];
    }
    for (int i = 0; i < 3; i++)
        colour[i][3] = 127.5 * (1 - contrast);
}

static size_t whole(double size, size_t most)
{
    const double rounded = floor(size + 0.5);
    return rounded < 1 ? 1 : rounded < (double)most ? (size_t)rounded : most;
}

/* Draws the erased rectangle as in Zhong et al. 2017: 2 to 40 % of the area, aspect ratio 0.3 to
 * 1 / 0.3. The paper repeats the draw until the rectangle fits into the image. Here the range of
 * the aspect ratio is narrowed instead, so that every draw fits. */
static struct cd_erased erase(const cnn_train_options_t *o, uint64_t key, size_t height,
                              size_t width)
{
    struct cd_erased erased = {0, 0, 0, 0};
    const double h = (double)height, w = (double)width;

    if (!(cd_random_double(key, DRAW_ERASE) < (double)o->erase))
        return erased;
    const double area = between(key, DRAW_ERASE_AREA, 0.02, 0.4);
    const double aspect =
        factor(key, DRAW_ERASE_ASPECT, fmax(0.3, area * h / w), fmin(1 / 0.3, h / (area * w)));
    erased.height = whole(sqrt(area * h * w * aspect), height);
    erased.width = whole(sqrt(area * h * w / aspect), width);
    erased.top = (size_t)between(key, DRAW_ERASE_TOP, 0, (double)(height - erased.height + 1));
    erased.left = (size_t)between(key, DRAW_ERASE_LEFT, 0, (double)(width - erased.width + 1));
    return erased;
}

struct cd_augment cd_augment_draw(const struct cd_augmentation *a, size_t index,
                                  const struct cd_rgb_image *source, size_t height, size_t width)
{
    const cnn_train_options_t *o = &a->options;
    const uint64_t key = cd_random_key(a->key, CD_STREAM_AUGMENT, index, 0);
    struct cd_augment out = {
        .mirrored = o->mirror && cd_random_bits(a->key, index) >> 63,
        .moved = o->crop_area > 0 || o->rotation > 0 || o->shear > 0 || source->height != height ||
                 source->width != width,
        .coloured = o->brightness > 0 || o->contrast > 0 || o->saturation > 0 || o->hue > 0,
        .erased = erase(o, key, height, width),
        .noise = cd_random_bits(key, DRAW_NOISE),
    };

    set_map(o, key, source, (double)height, (double)width, &out);
    set_colour(o, key, out.colour);
    return out;
}

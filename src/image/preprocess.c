/* SPDX-License-Identifier: MIT */
#include "image/preprocess.h"

#include <math.h>
#include <string.h>

#include "core/check.h"
#include "core/hash.h"
#include "core/options.h"
#include "core/version.h"
#include "image/image.h"
#include "image/readers.h"

enum {
    DEFAULT_HEIGHT = 94,
    DEFAULT_WIDTH = 125,
    /* Increase this number with each change of the code that changes the pixels of a photo, so that
     * caches are rebuilt. */
    PIXELS_VERSION = 1
};

static const char *const fits[] = {
    [CNN_FIT_SQUASH] = "squash", [CNN_FIT_CROP] = "crop", [CNN_FIT_LETTERBOX] = "letterbox"};
static const char *const decodes[] = {[CNN_DECODE_FULL] = "full", [CNN_DECODE_SCALED] = "scaled"};

const struct cd_enum_names cd_fit_names = CD_ENUM_NAMES(fits);
const struct cd_enum_names cd_decode_names = CD_ENUM_NAMES(decodes);

static cnn_status_t check_normalisation(const cnn_preprocess_t *p)
{
    for (int c = 0; c < 3; c++) {
        if (!isfinite(p->mean[c]))
            return cd_error(CNN_ERROR_ARGUMENT, "preprocess: mean[%d] is not a finite number", c);
        if (!isfinite(p->std[c]) || p->std[c] <= 0)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "preprocess: std[%d] is not a finite number above 0", c);
        const double black = -(double)p->mean[c] / p->std[c];
        const double white = (1 - (double)p->mean[c]) / p->std[c];
        if (!isfinite((float)black) || !isfinite((float)white))
            return cd_error(CNN_ERROR_ARGUMENT,
                            "preprocess: std[%d] is too small: pixels would become infinite", c);
    }
    return CNN_OK;
}

cnn_status_t cd_preprocess_complete(const cnn_preprocess_t *given, cnn_preprocess_t *p)
{
    CD_TRY(cd_options_read("preprocess", given, p, sizeof *p));
    if (p->height == 0)
        p->height = DEFAULT_HEIGHT;
    if (p->width == 0)
        p->width = DEFAULT_WIDTH;
    for (int c = 0; c < 3; c++)
        if (p->std[c] == 0)
            p->std[c] = 1;
    if (p->height > CD_IMAGE_MAX_SIDE || p->width > CD_IMAGE_MAX_SIDE)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "preprocess: %u x %u pixels: sides from 1 to %d are possible", p->width,
                        p->height, CD_IMAGE_MAX_SIDE);
    CD_TRY(cd_check_enum("preprocess", "fit", (int)p->fit, cd_fit_names.count));
    CD_TRY(cd_check_enum("preprocess", "decode", (int)p->decode, cd_decode_names.count));
    return check_normalisation(p);
}

int cd_preprocess_same_pixels(const cnn_preprocess_t *a, const cnn_preprocess_t *b)
{
    return a->height == b->height && a->width == b->width && a->fit == b->fit &&
           a->decode == b->decode &&
           (a->fit != CNN_FIT_LETTERBOX || memcmp(a->pad, b->pad, sizeof a->pad) == 0);
}

uint64_t cd_preprocess_pixels_hash(const cnn_preprocess_t *p)
{
    uint64_t hash = cd_image_hash_decoders(cd_hash_text(0, CD_VERSION));

    hash = cd_hash_number(hash, PIXELS_VERSION);
    hash = cd_hash_number(hash, p->height);
    hash = cd_hash_number(hash, p->width);
    hash = cd_hash_number(hash, (uint64_t)p->fit);
    hash = cd_hash_number(hash, (uint64_t)p->decode);
    return p->fit == CNN_FIT_LETTERBOX ? cd_hash_bytes(hash, p->pad, sizeof p->pad) : hash;
}

/* Returns a * b / c, rounded to nearest with halves up, but at least 1. The arguments have at most
 * 16 bits, so nothing overflows. */
static size_t proportion(size_t a, size_t b, size_t c)
{
    const uint64_t value = ((uint64_t)a * b * 2 + c) / ((uint64_t)c * 2);
    return value > 0 ? (size_t)value : 1;
}

/* Returns 1 if an image of height x width has a larger ratio of width to height than the network's
 * input. */
static int is_wider(const cnn_preprocess_t *p, size_t height, size_t width)
{
    return (uint64_t)width * p->height > (uint64_t)height * p->width;
}

/* Selects the largest centred part of the image that has the aspect ratio of the network's input,
 * to the nearest pixel. If the number of rows or columns to cut is odd, the additional one is cut
 * at the bottom or on the right. */
static void crop(const cnn_preprocess_t *p, struct cd_preprocess_place *place)
{
    const size_t height = place->height, width = place->width;

    if (is_wider(p, height, width))
        place->width = proportion(height, p->width, p->height);
    else
        place->height = proportion(width, p->height, p->width);
    place->y = (height - place->height) / 2;
    place->x = (width - place->width) / 2;
}

/* Selects the largest centred part of the network's input that has the image's aspect ratio, to the
 * nearest pixel. The rest is bars. If their number of rows or columns is odd, the bar at the bottom
 * or on the right is the larger one. */
static void letterbox(const cnn_preprocess_t *p, struct cd_preprocess_place *place)
{
    if (is_wider(p, place->height, place->width))
        place->to_height = proportion(p->width, place->height, place->width);
    else
        place->to_width = proportion(p->height, place->width, place->height);
    place->to_y = (p->height - place->to_height) / 2;
    place->to_x = (p->width - place->to_width) / 2;
}

struct cd_preprocess_place cd_preprocess_place(const cnn_preprocess_t *p, size_t height,
                                               size_t width)
{
    struct cd_preprocess_place place = {
        .height = height, .width = width, .to_height = p->height, .to_width = p->width};

    if (p->fit == CNN_FIT_CROP)
        crop(p, &place);
    else if (p->fit == CNN_FIT_LETTERBOX)
        letterbox(p, &place);
    return place;
}

void cd_preprocess_frame(const cnn_preprocess_t *p, size_t height, size_t width, uint8_t *out,
                         struct cd_preprocess_frame *frame)
{
    const struct cd_preprocess_place place = cd_preprocess_place(p, height, width);
    const size_t stride = (size_t)p->width * 3;

    for (size_t i = 0; p->fit == CNN_FIT_LETTERBOX && i < (size_t)p->height * p->width; i++)
        memcpy(out + i * 3, p->pad, 3);
    *frame = (struct cd_preprocess_frame){
        .y = place.y,
        .x = place.x,
        .height = place.height,
        .width = place.width,
        .target = {out + place.to_y * stride + place.to_x * 3, place.to_height, place.to_width,
                   stride}};
}

cnn_status_t cd_preprocess_pixels(cnn_context_t *context, const cnn_preprocess_t *p,
                                  const uint8_t *rgb, size_t height, size_t width, size_t stride,
                                  uint8_t *out)
{
    struct cd_preprocess_frame frame;

    cd_preprocess_frame(p, height, width, out, &frame);
    const struct cd_resize_source source = {rgb + frame.y * stride + frame.x * 3, frame.height,
                                            frame.width, stride};
    return cd_resize(context, &source, &frame.target);
}

void cd_preprocess_table(const cnn_preprocess_t *p, float table[3][256])
{
    for (int c = 0; c < 3; c++)
        for (int v = 0; v < 256; v++)
            table[c][v] = (float)((v / 255.0 - p->mean[c]) / p->std[c]);
}

void cd_preprocess_to_float(const float table[3][256], const uint8_t *rgb, size_t pixels,
                            float *out)
{
    for (size_t i = 0; i < pixels; i++, rgb += 3, out += 3) {
        out[0] = table[0][rgb[0]];
        out[1] = table[1][rgb[1]];
        out[2] = table[2][rgb[2]];
    }
}

/* SPDX-License-Identifier: MIT
 *
 * The one resizer: antialiased, separable, triangle filter, as Pillow's resize with BILINEAR does
 * it, bit for bit. A part of a picture is resized as a picture of its own. */
#ifndef CD_IMAGE_RESIZE_H
#define CD_IMAGE_RESIZE_H

#include "core/context.h"

/* height rows of width RGB pixels, rows stride bytes apart; sides 1..65,535. */
struct cd_resize_source {
    const uint8_t *pixels;
    size_t height, width, stride;
};

struct cd_resize_target {
    uint8_t *pixels;
    size_t height, width, stride;
};

/* The two must not overlap. Errors: MEMORY (quiet). */
cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target);

#endif

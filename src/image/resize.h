/* SPDX-License-Identifier: MIT
 *
 * Image resizing with a separable, antialiased triangle filter. The result is bit-for-bit the same
 * as the result of resize() with BILINEAR in Pillow (up to version 12; see resize_weights.h). If a
 * part of an image is resized, pixels outside the part have no influence. */
#ifndef CD_IMAGE_RESIZE_H
#define CD_IMAGE_RESIZE_H

#include "image/orientation.h"
#include "image/resize_weights.h"

/* The image to resize: height rows of width RGB pixels, which begin stride bytes apart. Both sides
 * are 1..65,535. */
struct cd_resize_source {
    const uint8_t *pixels;
    size_t height, width, stride;
};

/* Memory for the result, with the same layout as a source. */
struct cd_resize_target {
    uint8_t *pixels;
    size_t height, width, stride;
};

/* Resizes source to target. The two must not overlap. Errors: MEMORY. */
cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target);

/* The parameters of a resizer, which receives a stored image row by row and rotates it upright
 * while it resizes it. The result is the same as if the upright image had been resized. */
struct cd_resize_stream {
    struct cd_resize_range {
        size_t n;        /* number of rows (down) or of pixels in a row (across) */
        double from, to; /* part to resize: 0 and n, unless the decoder has scaled the image */
    } down, across;
    struct cd_orientation orientation;
    struct cd_resize_target target; /* memory for the upright result */
};

struct cd_resizer;

/* Creates a resizer. The caller frees it by cd_resizer_free. Errors: MEMORY. */
cnn_status_t cd_resizer_create(cnn_context_t *context, const struct cd_resize_stream *stream,
                               struct cd_resizer **resizer);

/* Frees a resizer. resizer may be NULL. */
void cd_resizer_free(struct cd_resizer *resizer);

/* Adds the next n rows of the stored image. The target is complete when all stream->down.n rows
 * have been added. Adding several rows at once is faster. */
void cd_resizer_add(struct cd_resizer *resizer, const uint8_t *const *rows, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The resize: antialiased, separable, with a triangle filter. The pixels are the same as of
 * Pillow's resize with BILINEAR, bit for bit. A part of an image is resized as if it were a whole
 * image. */
#ifndef CD_IMAGE_RESIZE_H
#define CD_IMAGE_RESIZE_H

#include "image/orientation.h"
#include "image/resize_weights.h"

/* height rows of width RGB pixels, stride bytes apart. Both sides are 1..65,535. */
struct cd_resize_source {
    const uint8_t *pixels;
    size_t height, width, stride;
};

struct cd_resize_target {
    uint8_t *pixels;
    size_t height, width, stride;
};

/* Resizes source to target, which must not overlap. Errors: MEMORY. */
cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target);

/* A stored image that arrives row by row and is rotated upright while it is resized. The pixels are
 * the same as if the upright image had been resized. */
struct cd_resize_stream {
    struct cd_resize_range {
        size_t n;        /* rows, or pixels of a row, that arrive */
        double from, to; /* the part that is shown: 0, n unless a decoder has scaled the image */
    } down, across;
    struct cd_orientation orientation;
    struct cd_resize_target target; /* the upright image */
};

struct cd_resizer;

/* Creates a resizer, which uses the context's kernels. Errors: MEMORY. */
cnn_status_t cd_resizer_create(cnn_context_t *context, const struct cd_resize_stream *stream,
                               struct cd_resizer **resizer);

/* Frees a resizer. resizer may be NULL. */
void cd_resizer_free(struct cd_resizer *resizer);

/* Adds the next n rows of down.n. After the last row the target is complete. Several rows at once
 * are faster. */
void cd_resizer_add(struct cd_resizer *resizer, const uint8_t *const *rows, size_t n);

#endif

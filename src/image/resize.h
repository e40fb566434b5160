/* SPDX-License-Identifier: MIT
 *
 * The one resizer: antialiased, separable, triangle filter, as Pillow's resize with BILINEAR does
 * it, bit for bit. A part of a picture is resized as a picture of its own. */
#ifndef CD_IMAGE_RESIZE_H
#define CD_IMAGE_RESIZE_H

#include "image/orientation.h"
#include "image/resize_weights.h"

/* height rows of width RGB pixels, rows stride bytes apart; sides 1..65,535. */
struct cd_resize_source {
    const uint8_t *pixels;
    size_t height, width, stride;
};

struct cd_resize_target {
    uint8_t *pixels;
    size_t height, width, stride;
};

/* The two must not overlap. Errors: MEMORY. */
cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target);

/* A stored picture as it comes, row by row, that is turned upright on its way: the same pixels as
 * of the upright picture. */
struct cd_resize_stream {
    struct cd_resize_range {
        size_t n;        /* rows, or pixels of a row, that come */
        double from, to; /* what part of them is shown: 0, n unless a decoder scaled the picture */
    } down, across;
    struct cd_orientation orientation;
    struct cd_resize_target target; /* upright */
};

struct cd_resizer;

/* The resizer uses the context's kernels. Errors: MEMORY. */
cnn_status_t cd_resizer_create(cnn_context_t *context, const struct cd_resize_stream *stream,
                               struct cd_resizer **resizer);

/* NULL is fine. */
void cd_resizer_free(struct cd_resizer *resizer);

/* The next n rows, of down.n in all; with the last, the target is complete. Several at once take
 * less time. */
void cd_resizer_add(struct cd_resizer *resizer, const uint8_t *const *rows, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A row sink receives the rows of an image while it is decoded, a few at a time, so that the whole
 * image need not be held in memory. */
#ifndef CD_IMAGE_ROW_SINK_H
#define CD_IMAGE_ROW_SINK_H

#include <stddef.h>

#include "core/error.h"

/* The scale of the full size. Scales are in eighths. */
enum { CD_FULL_SCALE = 8 };

/* The properties of an image that are known before the first row. */
struct cd_image_header {
    const char *name;     /* name of the image in messages */
    size_t height, width; /* stored size, before the orientation is applied */
    int orientation;      /* EXIF orientation, 1..8 */
    /* Scales below CD_FULL_SCALE that save decoding time, in ascending order, ended by 0. */
    const unsigned *scales;
};

/* The part of the stored image that a sink wants, in pixels after scaling. The sides of a scaled
 * image are rounded up. */
struct cd_image_part {
    unsigned scale; /* one of the header's scales, or CD_FULL_SCALE */
    size_t y, x, height, width;
};

/* The receiver's callbacks. */
struct cd_row_sink {
    /* Called once, before the first row. *part is the whole image at full size; the sink may change
     * it to another part. If the callback fails, decoding fails with the same status. */
    cnn_status_t (*start)(struct cd_row_sink *sink, const struct cd_image_header *header,
                          struct cd_image_part *part);
    /* Called repeatedly with the next n rows of the part, from top to bottom. y: the index of the
     * first of these rows in the part. rgb: n rows of part->width RGB pixels. */
    void (*rows)(struct cd_row_sink *sink, size_t y, const uint8_t *const *rgb, size_t n);
};

#endif

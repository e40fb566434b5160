/* SPDX-License-Identifier: MIT
 *
 * A row sink receives the rows of an image while it is decoded, a few at a time, so that the whole
 * image need not be held in memory. */
#ifndef CD_IMAGE_ROW_SINK_H
#define CD_IMAGE_ROW_SINK_H

#include <stddef.h>

#include "core/error.h"

/* Scales are given in eighths of the full size. */
enum { CD_FULL_SCALE = 8 };

/* The properties of an image that are known before the first row. */
struct cd_image_header {
    const char *name;     /* what messages call the image */
    size_t height, width; /* stored size, before the orientation is applied */
    int orientation;      /* EXIF orientation, 1..8 */
    /* The scales below the full one that take less time to decode, ascending, ended by 0. */
    const unsigned *scales;
};

/* The rows and columns that are wanted of the stored image after scaling. Scaled sides are rounded
 * up. */
struct cd_image_part {
    unsigned scale; /* one of the header's scales, or CD_FULL_SCALE */
    size_t y, x, height, width;
};

struct cd_row_sink {
    /* Called once, before the rows. part is the whole image in full size; the sink may ask for
     * another part. An error ends the decoding and becomes its result. */
    cnn_status_t (*start)(struct cd_row_sink *sink, const struct cd_image_header *header,
                          struct cd_image_part *part);
    /* Called for n rows at a time, in order, until all rows of the part have come. y: the first
     * one's index in the part. rgb: n rows of part->width RGB pixels. */
    void (*rows)(struct cd_row_sink *sink, size_t y, const uint8_t *const *rgb, size_t n);
};

#endif

/* SPDX-License-Identifier: MIT
 *
 * A JPEG read row by row, by whoever wants its rows: the whole picture (jpeg.h) or a photo that
 * becomes a network's input (decode.h). */
#ifndef CD_IMAGE_JPEG_ROWS_H
#define CD_IMAGE_JPEG_ROWS_H

#include "core/context.h"
#include "image/jpeg_info.h"

enum { CD_JPEG_FULL_SCALE = 8 };

/* What the header says. */
struct cd_jpeg_header {
    const char *name;
    size_t height, width; /* as stored */
    int orientation;      /* 1..8 */
};

/* What is wanted of the picture, as stored: its size times scale / 8, rounded up, and of that a
 * part.
 * scale: 1..8. */
struct cd_jpeg_part {
    unsigned scale;
    size_t y, x, height, width;
};

struct cd_jpeg_sink {
    /* Asked once: says what is wanted (part is the whole picture in full size so far) and makes
     * room for it. Its error is the reading's. */
    cnn_status_t (*start)(struct cd_jpeg_sink *sink, const struct cd_jpeg_header *header,
                          struct cd_jpeg_part *part);
    /* Then part->height rows of part->width RGB pixels each, in order, n from row y at a time. */
    void (*rows)(struct cd_jpeg_sink *sink, size_t y, const uint8_t *const *rgb, size_t n);
    struct cd_jpeg_info *info; /* the caller's, zeroed; NULL: the decoder's warnings are logged */
};

/* limits: complete. Rows outside of the part are decoded only as far as the file's faults ask for:
 * a file is cut short or damaged for every part alike. Errors: MEMORY, IMAGE, the
 * sink's. */
cnn_status_t cd_jpeg_read(cnn_context_t *context, const char *name, const uint8_t *bytes,
                          size_t size, const cnn_image_options_t *limits,
                          struct cd_jpeg_sink *sink);

#endif

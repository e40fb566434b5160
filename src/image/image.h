/* SPDX-License-Identifier: MIT
 *
 * A picture: height x width RGB pixels of 8 bits, rows without gaps. */
#ifndef CD_IMAGE_IMAGE_H
#define CD_IMAGE_IMAGE_H

#include "core/context.h"

#define CD_IMAGE_MAX_SIDE 65535

struct cnn_image {
    cnn_context_t *context;
    size_t height, width;
    uint8_t *pixels;
};

/* Pixels are not set. Errors: MEMORY. */
cnn_status_t cd_image_create(cnn_context_t *context, size_t height, size_t width,
                             cnn_image_t **image);
void cd_image_free(cnn_image_t *image);

/* Checks how a caller says that his RGB pixels lie; a stride of 0 becomes 3 * width.
 * Errors: ARGUMENT. */
cnn_status_t cd_image_check_rgb(size_t height, size_t width, size_t *stride);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A picture: height x width RGB pixels of 8 bits, rows without gaps. */
#ifndef CD_IMAGE_IMAGE_H
#define CD_IMAGE_IMAGE_H

#include "core/context.h"

struct cnn_image {
    cnn_context_t *context;
    size_t height, width;
    uint8_t *pixels;
};

/* Pixels are not set. Errors: MEMORY (quiet). */
cnn_status_t cd_image_create(cnn_context_t *context, size_t height, size_t width,
                             cnn_image_t **image);
void cd_image_free(cnn_image_t *image);

#endif

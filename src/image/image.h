/* SPDX-License-Identifier: MIT
 *
 * An image: height x width RGB pixels of 8 bits per channel, rows without gaps. */
#ifndef CD_IMAGE_IMAGE_H
#define CD_IMAGE_IMAGE_H

#include "core/context.h"

#define CD_IMAGE_MAX_SIDE 65535

struct cnn_image {
    cnn_context_t *context;
    size_t height, width;
    uint8_t *pixels;
};

/* Creates an image with undefined pixels. Errors: MEMORY. */
cnn_status_t cd_image_create(cnn_context_t *context, size_t height, size_t width,
                             cnn_image_t **image);

/* Creates an image from RGB rows stride bytes apart, checked; black if rgb is NULL. Errors: MEMORY.
 */
cnn_status_t cd_image_copy(cnn_context_t *context, const uint8_t *rgb, size_t height, size_t width,
                           size_t stride, cnn_image_t **image);

/* Frees an image. image may be NULL. */
void cd_image_free(cnn_image_t *image);

/* Checks the layout of a caller's RGB pixels. A stride (bytes from row to row) of 0 becomes
 * 3 * width. Errors: ARGUMENT. */
cnn_status_t cd_image_check_rgb(size_t height, size_t width, size_t *stride);

#endif

/* SPDX-License-Identifier: MIT
 *
 * An image: height x width RGB pixels with 8 bits per channel. Rows are contiguous. */
#ifndef CD_IMAGE_IMAGE_H
#define CD_IMAGE_IMAGE_H

#include "core/context.h"

#define CD_IMAGE_MAX_SIDE 65535

struct cnn_image {
    cnn_context_t *context;
    size_t height, width;
    uint8_t *pixels;
};

/* Creates an image with undefined pixels. The caller frees *image by cd_image_free. Errors: MEMORY.
 */
cnn_status_t cd_image_create(cnn_context_t *context, size_t height, size_t width,
                             cnn_image_t **image);

/* Creates an image from RGB rows that begin stride bytes apart, or a black image if rgb is NULL.
 * The caller has checked the layout by cd_image_check_rgb. Errors: MEMORY. */
cnn_status_t cd_image_copy(cnn_context_t *context, const uint8_t *rgb, size_t height, size_t width,
                           size_t stride, cnn_image_t **image);

/* Frees an image. image may be NULL. */
void cd_image_free(cnn_image_t *image);

/* Checks the layout of a caller's RGB pixels. *stride is the distance between rows in bytes; if it
 * is 0, it is set to 3 * width. Errors: ARGUMENT. */
cnn_status_t cd_image_check_rgb(size_t height, size_t width, size_t *stride);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Decoding a whole image to upright RGB pixels. */
#ifndef CD_IMAGE_IMAGE_LOAD_H
#define CD_IMAGE_IMAGE_LOAD_H

#include "image/image.h"
#include "image/reader.h"

/* Decodes an image and rotates it upright according to its EXIF orientation. source: bytes and
 * limits must be set. Truncated data is an error, even if only the end marker is missing. The
 * caller frees *image by cd_image_free; it is NULL on failure. Errors: MEMORY, IMAGE. */
cnn_status_t cd_image_decode(const struct cd_image_source *source, cnn_image_t **image);

/* Reads the file at path and decodes it by cd_image_decode. limits: complete. Errors: MEMORY, IO,
 * IMAGE. */
cnn_status_t cd_image_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, cnn_image_t **image);

#endif

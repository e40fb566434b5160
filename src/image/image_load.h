/* SPDX-License-Identifier: MIT
 *
 * Decoding a whole image: upright RGB pixels in memory. */
#ifndef CD_IMAGE_IMAGE_LOAD_H
#define CD_IMAGE_IMAGE_LOAD_H

#include "image/image.h"
#include "image/reader.h"

/* source: bytes and limits are set. The image is turned upright. A file that ends before the end
 * of its image is refused, even if only the end marker is missing. *image: cd_image_free, or NULL
 * on failure. Errors: MEMORY, IMAGE. */
cnn_status_t cd_image_decode(const struct cd_image_source *source, cnn_image_t **image);

/* Reads a file and decodes it. limits: complete. Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_image_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, cnn_image_t **image);

#endif

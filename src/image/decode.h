/* SPDX-License-Identifier: MIT
 *
 * A photo straight to the network's input: decoded row by row and resized on the way, so that a
 * picture in full size is never held. Full decoding gives the same pixels as cd_jpeg_decode and
 * then cd_preprocess_pixels. */
#ifndef CD_IMAGE_DECODE_H
#define CD_IMAGE_DECODE_H

#include "core/context.h"
#include "image/jpeg_info.h"

/* limits, preprocess: complete. name: what messages call the photo. out: preprocess->height x width
 * x 3 bytes, not set on failure. Errors: MEMORY, IMAGE. */
cnn_status_t cd_decode_photo(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                             const char *name, const uint8_t *bytes, size_t size,
                             const cnn_image_options_t *limits, uint8_t *out);

/* The same, and info (zeroed by the caller; or NULL) is told what it can be, also of a photo that
 * fails; warnings are not logged then. */
cnn_status_t cd_decode_photo_info(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const char *name, const uint8_t *bytes, size_t size,
                                  const cnn_image_options_t *limits, struct cd_jpeg_info *info,
                                  uint8_t *out);

/* As cd_decode_photo_info from a file. Errors also: IO. */
cnn_status_t cd_decode_file(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                            const char *path, const cnn_image_options_t *limits,
                            struct cd_jpeg_info *info, uint8_t *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Decoding a photo directly to the network's input. Rows are resized as they are decoded, so the
 * full-size image is never in memory. With CNN_DECODE_FULL the result is the same as the result of
 * cd_image_decode followed by cd_preprocess_pixels. */
#ifndef CD_IMAGE_DECODE_H
#define CD_IMAGE_DECODE_H

#include "image/reader.h"

/* Decodes and preprocesses a photo. source: bytes and limits must be set. preprocess: complete.
 * info: as for cd_image_read. out: preprocess->height x width x 3 bytes, undefined on failure.
 * Errors: MEMORY, IMAGE. */
cnn_status_t cd_decode_photo(const struct cd_image_source *source,
                             const cnn_preprocess_t *preprocess, struct cd_image_info *info,
                             uint8_t *out);

/* Reads the file at path and passes its bytes to cd_decode_photo. limits: complete. Errors: MEMORY,
 * IO, IMAGE. */
cnn_status_t cd_decode_file(cnn_context_t *context, const char *path,
                            const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                            struct cd_image_info *info, uint8_t *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Decoding a photo straight to the network's input: the rows are resized as they come, so the image
 * in full size is never held. With full decoding the result is the same as from cd_image_decode
 * followed by cd_preprocess_pixels. */
#ifndef CD_IMAGE_DECODE_H
#define CD_IMAGE_DECODE_H

#include "image/reader.h"

/* Decodes a photo. source: bytes and limits are set. preprocess: complete. info: as for
 * cd_image_read. out:
 * preprocess->height x width x 3 bytes, undefined on failure. Errors: MEMORY, IMAGE. */
cnn_status_t cd_decode_photo(const struct cd_image_source *source,
                             const cnn_preprocess_t *preprocess, struct cd_image_info *info,
                             uint8_t *out);

/* Reads a file and decodes its photo as cd_decode_photo does. limits: complete. Errors: MEMORY, IO,
 * IMAGE. */
cnn_status_t cd_decode_file(cnn_context_t *context, const char *path,
                            const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                            struct cd_image_info *info, uint8_t *out);

#endif

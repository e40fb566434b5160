/* SPDX-License-Identifier: MIT
 *
 * From a file to the pixels that the network sees: the one call that decodes for a data set. */
#ifndef CD_DATA_PHOTO_H
#define CD_DATA_PHOTO_H

#include "core/context.h"
#include "image/jpeg_info.h"

/* Fills out with preprocess->height x width x 3 bytes. limits, preprocess: complete.
 * info: zeroed, for what the decoder says of it; NULL:
 * warnings are logged. Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_photo_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                           struct cd_jpeg_info *info, uint8_t *out);

/* This thread's message about the photo, without the path that it begins with: a copy (cd_free), or
 * NULL without memory. */
char *cd_photo_reason(cnn_context_t *context, const char *path);

#endif

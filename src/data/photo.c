/* SPDX-License-Identifier: MIT */
#include "data/photo.h"

#include <string.h>

#include "core/memory.h"
#include "image/decode.h"

cnn_status_t cd_photo_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                           struct cd_jpeg_info *info, uint8_t *out)
{
    return cd_decode_file(context, preprocess, path, limits, info, out);
}

char *cd_photo_reason(cnn_context_t *context, const char *path)
{
    const char *message = cd_error_message();
    const size_t length = strlen(path);

    if (strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        message += length + 2;
    return cd_strdup(context, message);
}

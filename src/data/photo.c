/* SPDX-License-Identifier: MIT */
#include "data/photo.h"

#include <string.h>

#include "core/memory.h"
#include "image/jpeg.h"
#include "image/preprocess.h"

cnn_status_t cd_photo_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                           uint8_t *out)
{
    cnn_image_t *image;

    CD_TRY(cd_jpeg_load(context, path, limits, &image));
    cnn_status_t rc = cd_preprocess_pixels(context, preprocess, image->pixels, image->height,
                                           image->width, image->width * 3, out);
    cd_image_free(image);
    return rc;
}

char *cd_photo_reason(cnn_context_t *context, const char *path)
{
    const char *message = cd_error_message();
    const size_t length = strlen(path);

    if (strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        message += length + 2;
    return cd_strdup(context, message);
}

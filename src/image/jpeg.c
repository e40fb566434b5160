/* SPDX-License-Identifier: MIT */
#include "image/jpeg.h"

#include "core/file.h"
#include "core/memory.h"
#include "core/options.h"

#define DEFAULT_MAX_BYTES (UINT64_C(256) << 20)
#define DEFAULT_MAX_PIXELS UINT64_C(200000000)

void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits)
{
    limits->struct_size = sizeof *limits;
    limits->max_bytes = options && options->max_bytes ? options->max_bytes : DEFAULT_MAX_BYTES;
    limits->max_pixels = options && options->max_pixels ? options->max_pixels : DEFAULT_MAX_PIXELS;
}

cnn_status_t cd_image_limits_read(cnn_context_t *context, const char *name,
                                  const cnn_image_options_t *options, cnn_image_options_t *limits)
{
    cnn_image_options_t own;

    CD_TRY(cd_options_read(context, name, options, &own, sizeof own));
    cd_image_limits(&own, limits);
    return CNN_OK;
}

cnn_status_t cd_jpeg_load(cnn_context_t *context, const char *path,
                          const cnn_image_options_t *limits, cnn_image_t **image)
{
    uint8_t *bytes;
    size_t size;

    *image = NULL;
    CD_TRY(cd_file_read(context, path, limits->max_bytes, CNN_ERROR_IMAGE, &bytes, &size));
    cnn_status_t rc = cd_jpeg_decode(context, path, bytes, size, limits, image);
    cd_free(context, bytes);
    return rc;
}

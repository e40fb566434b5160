/* SPDX-License-Identifier: MIT */
#include "image/image_limits.h"

#include "core/options.h"

#define DEFAULT_MAX_BYTES (UINT64_C(256) << 20)
#define DEFAULT_MAX_PIXELS UINT64_C(200000000)

void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits)
{
    limits->struct_size = sizeof *limits;
    limits->max_bytes = options && options->max_bytes ? options->max_bytes : DEFAULT_MAX_BYTES;
    limits->max_pixels = options && options->max_pixels ? options->max_pixels : DEFAULT_MAX_PIXELS;
}

cnn_status_t cd_image_limits_read(const char *name, const cnn_image_options_t *options,
                                  cnn_image_options_t *limits)
{
    cnn_image_options_t own;

    CD_TRY(cd_options_read(name, options, &own, sizeof own));
    cd_image_limits(&own, limits);
    return CNN_OK;
}

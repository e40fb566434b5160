/* SPDX-License-Identifier: MIT */
#include "image/jpeg.h"

#include <jerror.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/memory.h"
#include "core/options.h"
#include "image/jpeg_errors.h"
#include "image/jpeg_rows.h"
#include "image/orientation.h"

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

uint64_t cd_jpeg_hash_library(uint64_t hash)
{
    struct jpeg_error_mgr loaded;

    hash = cd_hash_number(hash, JPEG_LIB_VERSION);
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
    hash = cd_hash_number(hash, LIBJPEG_TURBO_VERSION_NUMBER);
#endif
    jpeg_std_error(&loaded);
    hash = cd_hash_text(hash, loaded.jpeg_message_table[JMSG_VERSION]);
    return cd_hash_text(hash, loaded.jpeg_message_table[JMSG_COPYRIGHT]);
}

/* A whole picture, turned upright. */
struct picture {
    struct cd_jpeg_sink sink; /* first, so that a pointer to it is one to the picture */
    cnn_context_t *context;
    struct cd_orientation orientation;
    size_t height, width; /* as stored */
    cnn_image_t *image;
};

static cnn_status_t start_picture(struct cd_jpeg_sink *sink, const struct cd_jpeg_header *header,
                                  struct cd_jpeg_part *part)
{
    struct picture *picture = (struct picture *)sink;

    (void)part;
    picture->orientation = cd_orientation_of(header->orientation);
    picture->height = header->height;
    picture->width = header->width;
    const int swaps = picture->orientation.swaps;
    if (cd_image_create(picture->context, swaps ? header->width : header->height,
                        swaps ? header->height : header->width, &picture->image) != CNN_OK)
        return cd_error(CNN_ERROR_MEMORY, "%s: %s", header->name, cd_error_message());
    return CNN_OK;
}

static void place_rows(struct cd_jpeg_sink *sink, size_t y, const uint8_t *const *rgb, size_t n)
{
    const struct picture *picture = (const struct picture *)sink;

    for (size_t i = 0; i < n; i++)
        cd_orientation_place_row(&picture->orientation, rgb[i], y + i, picture->height,
                                 picture->width, picture->image->pixels,
                                 3 * picture->image->width);
}

cnn_status_t cd_jpeg_decode(cnn_context_t *context, const char *name, const uint8_t *bytes,
                            size_t size, const cnn_image_options_t *limits, cnn_image_t **image)
{
    struct picture picture = {.sink = {start_picture, place_rows, NULL}, .context = context};

    *image = NULL;
    cnn_status_t rc = cd_jpeg_read(context, name, bytes, size, limits, &picture.sink);
    if (rc != CNN_OK) {
        cd_image_free(picture.image);
        return rc;
    }
    *image = picture.image;
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

/* SPDX-License-Identifier: MIT */
#include "image/image_load.h"

#include "core/file.h"
#include "core/memory.h"
#include "image/orientation.h"
#include "image/readers.h"

/* A row sink that stores the rows in an upright image. */
struct upright {
    struct cd_row_sink sink; /* first member, so that a pointer to it can be cast to the struct */
    cnn_context_t *context;
    struct cd_orientation orientation;
    size_t height, width; /* stored size */
    cnn_image_t *image;
};

static cnn_status_t make_image(struct cd_row_sink *sink, const struct cd_image_header *header,
                               struct cd_image_part *part)
{
    struct upright *upright = (struct upright *)sink;

    (void)part;
    upright->orientation = cd_orientation_of(header->orientation);
    upright->height = header->height;
    upright->width = header->width;
    const int swaps = upright->orientation.swaps;
    if (cd_image_create(upright->context, swaps ? header->width : header->height,
                        swaps ? header->height : header->width, &upright->image) != CNN_OK)
        return cd_error(CNN_ERROR_MEMORY, "%s: %s", header->name, cd_error_message());
    return CNN_OK;
}

static void place_rows(struct cd_row_sink *sink, size_t y, const uint8_t *const *rgb, size_t n)
{
    const struct upright *upright = (const struct upright *)sink;

    for (size_t i = 0; i < n; i++)
        cd_orientation_place_row(&upright->orientation, rgb[i], y + i, upright->height,
                                 upright->width, upright->image->pixels,
                                 3 * upright->image->width);
}

cnn_status_t cd_image_decode(const struct cd_image_source *source, cnn_image_t **image)
{
    struct upright upright = {.sink = {make_image, place_rows}, .context = source->context};

    *image = NULL;
    cnn_status_t rc = cd_image_read(source, &upright.sink, NULL);
    if (rc != CNN_OK) {
        cd_image_free(upright.image);
        return rc;
    }
    *image = upright.image;
    return CNN_OK;
}

cnn_status_t cd_image_load(cnn_context_t *context, const char *path,
                           const cnn_image_options_t *limits, cnn_image_t **image)
{
    struct cd_image_source source = {.context = context, .name = path, .limits = limits};
    uint8_t *bytes;

    *image = NULL;
    CD_TRY(cd_file_read(context, path, limits->max_bytes, CNN_ERROR_IMAGE, &bytes, &source.size));
    source.bytes = bytes;
    cnn_status_t rc = cd_image_decode(&source, image);
    cd_free(context, bytes);
    return rc;
}

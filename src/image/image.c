/* SPDX-License-Identifier: MIT */
#include "image/image.h"

#include <string.h>

#include "core/memory.h"

cnn_status_t cd_image_create(cnn_context_t *context, size_t height, size_t width,
                             cnn_image_t **out)
{
    cnn_image_t *image = cd_alloc(context, 1, sizeof *image);

    *out = NULL;
    if (image && width <= SIZE_MAX / 3)
        image->pixels = cd_alloc_unset(context, height, width * 3);
    if (!image || !image->pixels) {
        cd_free(context, image);
        return cd_error(CNN_ERROR_MEMORY, "out of memory for an image of %zu x %zu pixels", width,
                        height);
    }
    image->context = cd_context_ref(context);
    image->height = height;
    image->width = width;
    *out = image;
    return CNN_OK;
}

cnn_status_t cd_image_copy(cnn_context_t *context, const uint8_t *rgb, size_t height, size_t width,
                           size_t stride, cnn_image_t **image)
{
    CD_TRY(cd_image_create(context, height, width, image));
    if (!rgb)
        memset((*image)->pixels, 0, height * width * 3);
    for (size_t y = 0; rgb && y < height; y++)
        memcpy((*image)->pixels + y * width * 3, rgb + y * stride, width * 3);
    return CNN_OK;
}

void cd_image_free(cnn_image_t *image)
{
    if (!image)
        return;
    cnn_context_t *context = image->context;
    cd_free(context, image->pixels);
    cd_free(context, image);
    cd_context_unref(context);
}

cnn_status_t cd_image_check_rgb(size_t height, size_t width, size_t *stride)
{
    if (height < 1 || height > CD_IMAGE_MAX_SIDE || width < 1 || width > CD_IMAGE_MAX_SIDE)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "an image of %zu x %zu pixels: sides from 1 to %d are possible", width,
                        height, CD_IMAGE_MAX_SIDE);
    if (*stride == 0)
        *stride = 3 * width;
    if (*stride < 3 * width || *stride > SIZE_MAX / height)
        return cd_error(CNN_ERROR_ARGUMENT, "rows %zu bytes apart do not fit %zu pixels of 3 bytes",
                        *stride, width);
    return CNN_OK;
}

/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/options.h"
#include "image/decode.h"
#include "image/image.h"
#include "image/image_limits.h"
#include "image/image_load.h"
#include "image/jpeg_write.h"
#include "image/preprocess.h"
#include "image/readers.h"

enum { DEFAULT_QUALITY = 90 };

cnn_status_t cnn_image_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                   const cnn_image_options_t *options, cnn_image_t **image)
{
    cnn_image_options_t limits;

    if (image)
        *image = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, image);
    if (size > 0)
        CD_REQUIRE(context, bytes);
    CD_API_TRY(context, cd_image_limits_read(__func__, options, &limits));
    const struct cd_image_source source = cd_image_in_memory(context, bytes, size, &limits);
    return cd_api_result(context, cd_image_decode(&source, image));
}

cnn_status_t cnn_image_load(cnn_context_t *context, const char *path,
                            const cnn_image_options_t *options, cnn_image_t **image)
{
    cnn_image_options_t limits;

    if (image)
        *image = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, path);
    CD_REQUIRE(context, image);
    CD_API_TRY(context, cd_image_limits_read(__func__, options, &limits));
    return cd_api_result(context, cd_image_load(context, path, &limits, image));
}

cnn_status_t cnn_image_create(cnn_context_t *context, const uint8_t *rgb, size_t height,
                              size_t width, size_t stride, cnn_image_t **image)
{
    if (image)
        *image = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, image);
    if (!rgb)
        stride = 0;
    CD_API_TRY(context, cd_image_check_rgb(height, width, &stride));
    return cd_api_result(context, cd_image_copy(context, rgb, height, width, stride, image));
}

void cnn_image_free(cnn_image_t *image)
{
    cd_image_free(image);
}

size_t cnn_image_height(const cnn_image_t *image)
{
    return image ? image->height : 0;
}

size_t cnn_image_width(const cnn_image_t *image)
{
    return image ? image->width : 0;
}

const uint8_t *cnn_image_pixels(const cnn_image_t *image)
{
    return image ? image->pixels : NULL;
}

cnn_status_t cnn_image_save(const cnn_image_t *image, const char *path,
                            const cnn_image_save_options_t *options)
{
    cnn_image_save_options_t own;

    CD_REQUIRE(NULL, image);
    CD_REQUIRE(image->context, path);
    CD_API_TRY(image->context, cd_options_read(__func__, options, &own, sizeof own));
    if (own.quality < 0 || own.quality > 100)
        return cd_api_result(
            image->context,
            cd_error(CNN_ERROR_ARGUMENT, "%s: quality %d is not in 1..100", __func__, own.quality));
    return cd_api_result(image->context,
                         cd_jpeg_save(image, path, own.quality ? own.quality : DEFAULT_QUALITY));
}

cnn_status_t cnn_preprocess_apply_rgb(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                      const uint8_t *rgb, size_t height, size_t width,
                                      size_t stride, uint8_t *pixels)
{
    cnn_preprocess_t complete;

    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, rgb);
    CD_REQUIRE(context, pixels);
    CD_API_TRY(context, cd_preprocess_complete(preprocess, &complete));
    CD_API_TRY(context, cd_image_check_rgb(height, width, &stride));
    return cd_api_result(
        context, cd_preprocess_pixels(context, &complete, rgb, height, width, stride, pixels));
}

cnn_status_t cnn_preprocess_apply_memory(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                         const void *bytes, size_t size,
                                         const cnn_image_options_t *options, uint8_t *pixels)
{
    cnn_preprocess_t complete;
    cnn_image_options_t limits;

    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, pixels);
    if (size > 0)
        CD_REQUIRE(context, bytes);
    CD_API_TRY(context, cd_preprocess_complete(preprocess, &complete));
    CD_API_TRY(context, cd_image_limits_read(__func__, options, &limits));
    const struct cd_image_source source = cd_image_in_memory(context, bytes, size, &limits);
    return cd_api_result(context, cd_decode_photo(&source, &complete, NULL, pixels));
}

cnn_status_t cnn_preprocess_apply_file(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                       const char *path, const cnn_image_options_t *options,
                                       uint8_t *pixels)
{
    cnn_preprocess_t complete;
    cnn_image_options_t limits;

    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, path);
    CD_REQUIRE(context, pixels);
    CD_API_TRY(context, cd_preprocess_complete(preprocess, &complete));
    CD_API_TRY(context, cd_image_limits_read(__func__, options, &limits));
    return cd_api_result(context, cd_decode_file(context, path, &limits, &complete, NULL, pixels));
}

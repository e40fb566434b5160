/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "image/image_limits.h"
#include "model/predict.h"
#include "plan/plan.h"

enum { DEFAULT_BATCH = 32 };

cnn_status_t cnn_session_create(const cnn_model_t *model, const cnn_session_options_t *options,
                                cnn_session_t **session)
{
    cnn_session_options_t own;
    cnn_image_options_t limits;

    if (session)
        *session = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, session);
    CD_API_TRY(model->context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(model->context,
               cd_check_most(__func__, "batch_size", own.batch_size, CD_PLAN_LARGEST_BATCH));
    CD_API_TRY(model->context, cd_image_limits_read(__func__, own.image, &limits));
    /* The cast removes const. A session changes only the model's reference count. */
    return cd_api_result(model->context,
                         cd_session_create((cnn_model_t *)(uintptr_t)model,
                                           own.batch_size ? own.batch_size : DEFAULT_BATCH, &limits,
                                           own.mirror, session));
}

void cnn_session_free(cnn_session_t *session)
{
    cd_session_free(session);
}

cnn_status_t cnn_session_predict_file(cnn_session_t *session, const char *path,
                                      cnn_prediction_t *prediction)
{
    const struct cd_photo_source source = {.paths = &path};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, path);
    CD_REQUIRE(session->context, prediction);
    return cd_api_result(session->context, cd_predict(session, __func__, &source, 1, prediction));
}

cnn_status_t cnn_session_predict_memory(cnn_session_t *session, const void *bytes, size_t size,
                                        cnn_prediction_t *prediction)
{
    const struct cd_photo photo = {.encoded = bytes, .encoded_size = size};
    const struct cd_photo_source source = {.photo = &photo};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, bytes);
    CD_REQUIRE(session->context, prediction);
    return cd_api_result(session->context, cd_predict(session, __func__, &source, 1, prediction));
}

cnn_status_t cnn_session_predict_rgb(cnn_session_t *session, const uint8_t *rgb, size_t height,
                                     size_t width, size_t stride, cnn_prediction_t *prediction)
{
    struct cd_photo photo = {.rgb = rgb, .height = height, .width = width};
    const struct cd_photo_source source = {.photo = &photo};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, rgb);
    CD_REQUIRE(session->context, prediction);
    CD_API_TRY(session->context, cd_image_check_rgb(height, width, &stride));
    photo.stride = stride;
    return cd_api_result(session->context, cd_predict(session, __func__, &source, 1, prediction));
}

cnn_status_t cnn_session_predict_files(cnn_session_t *session, const char *const *paths,
                                       size_t n_paths, cnn_prediction_t *predictions)
{
    const struct cd_photo_source source = {.paths = paths};

    CD_REQUIRE(NULL, session);
    if (n_paths > 0) {
        CD_REQUIRE(session->context, paths);
        CD_REQUIRE(session->context, predictions);
    }
    return cd_api_result(session->context,
                         cd_predict(session, __func__, &source, n_paths, predictions));
}

cnn_status_t cnn_session_predict_images(cnn_session_t *session, const cnn_image_t *const *images,
                                        size_t n_images, cnn_prediction_t *predictions)
{
    const struct cd_photo_source source = {.images = images};

    CD_REQUIRE(NULL, session);
    if (n_images > 0) {
        CD_REQUIRE(session->context, images);
        CD_REQUIRE(session->context, predictions);
    }
    return cd_api_result(session->context,
                         cd_predict(session, __func__, &source, n_images, predictions));
}

cnn_status_t cnn_session_run(cnn_session_t *session, const float *x, size_t n_images, float *y)
{
    CD_REQUIRE(NULL, session);
    if (n_images == 0)
        return CNN_OK;
    CD_REQUIRE(session->context, x);
    CD_REQUIRE(session->context, y);
    cd_session_run(session, x, n_images, y);
    return CNN_OK;
}

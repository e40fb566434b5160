/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "api/boundary.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/options.h"
#include "image/image.h"
#include "image/image_limits.h"
#include "model/session.h"
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
    if (own.batch_size > CD_PLAN_LARGEST_BATCH)
        return cd_api_result(model->context,
                             cd_error(CNN_ERROR_ARGUMENT, "%s: a batch of %lu is more than %d",
                                      __func__, (unsigned long)own.batch_size,
                                      (int)CD_PLAN_LARGEST_BATCH));
    CD_API_TRY(model->context, cd_image_limits_read(__func__, own.image, &limits));
    /* A session changes nothing of the model but its count of users. */
    return cd_api_result(model->context,
                         cd_session_create((cnn_model_t *)(uintptr_t)model,
                                           own.batch_size ? own.batch_size : DEFAULT_BATCH, &limits,
                                           own.mirror, session));
}

void cnn_session_free(cnn_session_t *session)
{
    cd_session_free(session);
}

/* The caller's predictions: structs of any header version, all of one size. */
struct results {
    unsigned char *bytes;
    size_t size; /* of each */
};

static void *result_at(const struct results *results, size_t index)
{
    return results->bytes + index * results->size;
}

static cnn_status_t check_results(const char *function, struct results *results, size_t n)
{
    results->size = cd_struct_size(results->bytes);
    if (results->size == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: struct_size is not set", function);
    for (size_t i = 1; i < n; i++)
        if (memcmp(result_at(results, i), &results->size, sizeof results->size) != 0)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "%s: prediction %zu has another struct_size than the first", function,
                            i);
    return CNN_OK;
}

/* Where the caller wants all probabilities: NULL, or his array. */
static float *wanted_probabilities(const struct results *results, size_t index)
{
    const size_t offset = offsetof(cnn_prediction_t, probabilities);
    float *wanted = NULL;

    if (results->size >= offset + sizeof wanted)
        memcpy(&wanted, results->bytes + index * results->size + offset, sizeof wanted);
    return wanted;
}

static cnn_status_t write_result(const cnn_session_t *session, const char *function,
                                 const struct cd_photo *photo, const struct results *results,
                                 size_t index)
{
    const cnn_model_t *model = session->model;
    cnn_prediction_t own = {.probabilities = wanted_probabilities(results, index),
                            .status = photo->status};

    if (photo->status == CNN_OK) {
        own.label = photo->label;
        own.class_name = model->classes[photo->label];
        own.probability = photo->probability;
        if (own.probabilities)
            memcpy(own.probabilities, photo->probabilities,
                   model->n_classes * sizeof *own.probabilities);
    }
    return cd_result_write(function, &own, sizeof own, result_at(results, index));
}

/* The first photo that failed decides what the call returns; of the others the log tells. */
struct failure {
    cnn_status_t status;
    char *message;
};

static void note_failure(const cnn_session_t *session, struct cd_photo *photo,
                         struct failure *failure)
{
    const char *message = photo->message ? photo->message : cnn_status_string(photo->status);

    if (photo->status == CNN_OK)
        return;
    if (failure->status != CNN_OK) {
        cd_warn(session->context, "%s", message);
        return;
    }
    failure->status = photo->status;
    failure->message = photo->message;
    photo->message = NULL;
}

/* Where the photos come from: one array is given. */
struct sources {
    const char *const *paths;
    const cnn_image_t *const *images;
    const struct cd_photo *single;
};

static void set_source(struct cd_photo *photo, const struct sources *sources, size_t index)
{
    if (sources->paths) {
        photo->path = sources->paths[index];
    } else if (sources->images) {
        const cnn_image_t *image = sources->images[index];
        if (!image)
            return;
        photo->rgb = image->pixels;
        photo->height = image->height;
        photo->width = image->width;
        photo->stride = 3 * image->width;
    } else {
        float *probabilities = photo->probabilities;
        *photo = *sources->single;
        photo->probabilities = probabilities;
    }
}

static cnn_status_t predict_batch(cnn_session_t *session, const char *function,
                                  const struct sources *sources, size_t first, size_t n,
                                  const struct results *results, struct failure *failure)
{
    cnn_status_t rc = CNN_OK;

    for (size_t i = 0; i < n; i++)
        set_source(&session->photos[i], sources, first + i);
    cd_session_predict(session, n);
    for (size_t i = 0; i < n && rc == CNN_OK; i++) {
        note_failure(session, &session->photos[i], failure);
        rc = write_result(session, function, &session->photos[i], results, first + i);
    }
    cd_session_clear(session, n);
    return rc;
}

static cnn_status_t predict(cnn_session_t *session, const char *function,
                            const struct sources *sources, size_t n, cnn_prediction_t *predictions)
{
    struct results results = {.bytes = (unsigned char *)predictions};
    struct failure failure = {CNN_OK, NULL};

    if (!session->model->classes)
        return cd_error(CNN_ERROR_SHAPE, "%s: this model does not see photos", function);
    if (n == 0)
        return CNN_OK;
    CD_TRY(check_results(function, &results, n));
    for (size_t first = 0; first < n; first += session->batch) {
        const size_t count = n - first < session->batch ? n - first : session->batch;
        cnn_status_t rc =
            predict_batch(session, function, sources, first, count, &results, &failure);
        if (rc != CNN_OK) {
            cd_free(session->context, failure.message);
            return rc;
        }
    }
    if (failure.status != CNN_OK)
        cd_error(failure.status, "%s",
                 failure.message ? failure.message : cnn_status_string(failure.status));
    cd_free(session->context, failure.message);
    return failure.status;
}

cnn_status_t cnn_session_predict_file(cnn_session_t *session, const char *path,
                                      cnn_prediction_t *prediction)
{
    const struct sources sources = {.paths = &path};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, path);
    CD_REQUIRE(session->context, prediction);
    return cd_api_result(session->context, predict(session, __func__, &sources, 1, prediction));
}

cnn_status_t cnn_session_predict_memory(cnn_session_t *session, const void *bytes, size_t size,
                                      cnn_prediction_t *prediction)
{
    const struct cd_photo photo = {.bytes = bytes, .size = size};
    const struct sources sources = {.single = &photo};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, bytes);
    CD_REQUIRE(session->context, prediction);
    return cd_api_result(session->context, predict(session, __func__, &sources, 1, prediction));
}

cnn_status_t cnn_session_predict_rgb(cnn_session_t *session, const uint8_t *rgb, size_t height,
                                     size_t width, size_t stride, cnn_prediction_t *prediction)
{
    struct cd_photo photo = {.rgb = rgb, .height = height, .width = width};
    const struct sources sources = {.single = &photo};

    CD_REQUIRE(NULL, session);
    CD_REQUIRE(session->context, rgb);
    CD_REQUIRE(session->context, prediction);
    CD_API_TRY(session->context, cd_image_check_rgb(height, width, &stride));
    photo.stride = stride;
    return cd_api_result(session->context, predict(session, __func__, &sources, 1, prediction));
}

cnn_status_t cnn_session_predict_files(cnn_session_t *session, const char *const *paths, size_t n,
                                       cnn_prediction_t *predictions)
{
    const struct sources sources = {.paths = paths};

    CD_REQUIRE(NULL, session);
    if (n > 0) {
        CD_REQUIRE(session->context, paths);
        CD_REQUIRE(session->context, predictions);
    }
    return cd_api_result(session->context, predict(session, __func__, &sources, n, predictions));
}

cnn_status_t cnn_session_predict_images(cnn_session_t *session, const cnn_image_t *const *images,
                                        size_t n, cnn_prediction_t *predictions)
{
    const struct sources sources = {.images = images};

    CD_REQUIRE(NULL, session);
    if (n > 0) {
        CD_REQUIRE(session->context, images);
        CD_REQUIRE(session->context, predictions);
    }
    return cd_api_result(session->context, predict(session, __func__, &sources, n, predictions));
}

cnn_status_t cnn_session_run(cnn_session_t *session, const float *x, size_t n, float *y)
{
    CD_REQUIRE(NULL, session);
    if (n == 0)
        return CNN_OK;
    CD_REQUIRE(session->context, x);
    CD_REQUIRE(session->context, y);
    cd_session_run(session, x, n, y);
    return CNN_OK;
}

/* SPDX-License-Identifier: MIT */
#include "model/predict.h"

#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "core/options.h"

/* The caller's predictions: structs of any header version, all of one size. */
struct results {
    const char *function; /* the public function, for messages */
    unsigned char *bytes;
    size_t size; /* bytes of one struct */
};

static void *result_at(const struct results *results, size_t index)
{
    return results->bytes + index * results->size;
}

static cnn_status_t check_results(struct results *results, size_t n)
{
    results->size = cd_struct_size(results->bytes);
    if (results->size == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: struct_size is not set", results->function);
    for (size_t i = 1; i < n; i++)
        if (memcmp(result_at(results, i), &results->size, sizeof results->size) != 0)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "%s: prediction %zu has another struct_size than the first",
                            results->function, i);
    return CNN_OK;
}

/* The caller's array for all probabilities, or NULL. */
static float *wanted_probabilities(const struct results *results, size_t index)
{
    const size_t offset = offsetof(cnn_prediction_t, probabilities);
    float *wanted = NULL;

    if (results->size >= offset + sizeof wanted)
        memcpy(&wanted, results->bytes + index * results->size + offset, sizeof wanted);
    return wanted;
}

/* Returns the reason why a photo failed. */
static const char *message_of(const struct cd_photo *photo)
{
    return photo->message ? photo->message : cd_status_text(photo->status);
}

/* Copies a message. A message that is too long keeps its end, which has the reason, after "...". */
static void copy_message(const char *text, char message[CNN_MESSAGE_SIZE])
{
    const size_t length = strlen(text), most = CNN_MESSAGE_SIZE - 1, dots = 3;

    if (length <= most) {
        memcpy(message, text, length + 1);
        return;
    }
    text += length - (most - dots);
    while (((unsigned char)*text & 0xC0) == 0x80) /* inside a UTF-8 character */
        text++;
    memcpy(message, "...", dots);
    memcpy(message + dots, text, strlen(text) + 1);
}

static cnn_status_t write_result(const cnn_model_t *model, const struct cd_photo *photo,
                                 const struct results *results, size_t index)
{
    cnn_prediction_t own = {.probabilities = wanted_probabilities(results, index),
                            .status = photo->status};

    if (photo->status == CNN_OK) {
        own.label = photo->label;
        own.class_name = model->classes[photo->label];
        own.probability = photo->probability;
        if (own.probabilities)
            memcpy(own.probabilities, photo->probabilities,
                   model->n_classes * sizeof *own.probabilities);
    } else {
        copy_message(message_of(photo), own.message);
    }
    return cd_result_write(results->function, &own, sizeof own, result_at(results, index));
}

/* The first photo that failed. It decides what the call returns. */
struct failure {
    cnn_status_t status;
    char *message; /* released by cd_free */
};

/* Takes the message of the first failure over. Logs a warning for a later one. */
static void note_failure(const cnn_session_t *session, struct cd_photo *photo,
                         struct failure *failure)
{
    if (photo->status == CNN_OK)
        return;
    if (failure->status != CNN_OK) {
        cd_warn(session->context, "%s", message_of(photo));
        return;
    }
    failure->status = photo->status;
    failure->message = photo->message;
    photo->message = NULL;
}

static void set_source(struct cd_photo *photo, const struct cd_photo_source *source, size_t index)
{
    if (source->paths) {
        photo->path = source->paths[index];
    } else if (source->images) {
        const cnn_image_t *image = source->images[index];
        if (!image)
            return;
        photo->rgb = image->pixels;
        photo->height = image->height;
        photo->width = image->width;
        photo->stride = 3 * image->width;
    } else {
        float *probabilities = photo->probabilities;
        *photo = *source->photo;
        photo->probabilities = probabilities;
    }
}

static cnn_status_t predict_batch(cnn_session_t *session, const struct cd_photo_source *source,
                                  size_t first, size_t n, const struct results *results,
                                  struct failure *failure)
{
    cnn_status_t rc = CNN_OK;

    for (size_t i = 0; i < n; i++)
        set_source(&session->photos[i], source, first + i);
    cd_session_predict(session, n);
    for (size_t i = 0; i < n && rc == CNN_OK; i++) {
        rc = write_result(session->model, &session->photos[i], results, first + i);
        note_failure(session, &session->photos[i], failure);
    }
    cd_session_clear(session, n);
    return rc;
}

cnn_status_t cd_predict(cnn_session_t *session, const char *function,
                        const struct cd_photo_source *source, size_t n,
                        cnn_prediction_t *predictions)
{
    struct results results = {.function = function, .bytes = (unsigned char *)predictions};
    struct failure failure = {CNN_OK, NULL};
    cnn_status_t rc = CNN_OK;

    CD_TRY(cd_model_check_photos(session->model, function));
    if (n == 0)
        return CNN_OK;
    CD_TRY(check_results(&results, n));
    for (size_t first = 0; first < n && rc == CNN_OK; first += session->batch) {
        const size_t count = n - first < session->batch ? n - first : session->batch;
        rc = predict_batch(session, source, first, count, &results, &failure);
    }
    if (rc == CNN_OK && failure.status != CNN_OK)
        rc = cd_error(failure.status, "%s",
                      failure.message ? failure.message : cd_status_text(failure.status));
    cd_free(session->context, failure.message);
    return rc;
}

/* SPDX-License-Identifier: MIT */
#include "model/session.h"

#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "image/decode.h"
#include "image/preprocess.h"
#include "image/readers.h"
#include "model/mirrored.h"
#include "plan/tune.h"

static size_t input_size(const cnn_session_t *session)
{
    return cd_shape_size(session->model->graph->nodes[0].shape);
}

static size_t output_size(const cnn_session_t *session)
{
    return cd_shape_size(cd_graph_output(session->model->graph)->shape);
}

static cnn_status_t make_photos(cnn_session_t *session, int mirror)
{
    const size_t n_classes = session->model->n_classes;

    session->pixels = cd_alloc_unset(session->context, session->batch, input_size(session));
    session->x =
        cd_alloc_unset(session->context, session->batch, input_size(session) * sizeof *session->x);
    session->photos = cd_alloc(session->context, session->batch, sizeof *session->photos);
    session->probabilities =
        cd_alloc(session->context, session->batch, n_classes * sizeof *session->probabilities);
    if (mirror)
        session->looks = cd_alloc(session->context, session->batch,
                                  output_size(session) * sizeof *session->looks);
    if (!session->pixels || !session->x || !session->photos || !session->probabilities ||
        (mirror && !session->looks))
        return cd_error_memory();
    for (size_t i = 0; i < session->batch; i++)
        session->photos[i].probabilities = session->probabilities + i * n_classes;
    cd_preprocess_table(&session->model->preprocess, session->table);
    return CNN_OK;
}

cnn_status_t cd_session_create(cnn_model_t *model, size_t batch, const cnn_image_options_t *limits,
                               int mirror, cnn_session_t **out)
{
    const struct cd_plan_options how = {.batch = batch, .prepared = &model->prepared};
    cnn_session_t *session = cd_alloc(model->context, 1, sizeof *session);
    cnn_status_t rc;

    *out = NULL;
    if (!session)
        return cd_error_memory();
    session->context = model->context;
    session->model = cd_model_ref(model);
    session->batch = batch;
    session->limits = *limits;
    CD_TRY_FAIL(cd_plan_create_tuned(model->graph, &how, &session->plan));
    if (model->classes)
        CD_TRY_FAIL(make_photos(session, mirror));
    *out = session;
    return CNN_OK;
fail:
    cd_session_free(session);
    return rc;
}

void cd_session_free(cnn_session_t *session)
{
    if (!session)
        return;
    cnn_model_t *model = session->model;
    cd_plan_free(session->plan);
    cd_free(session->context, session->pixels);
    cd_free(session->context, session->x);
    cd_free(session->context, session->photos);
    cd_free(session->context, session->probabilities);
    cd_free(session->context, session->looks);
    cd_free(session->context, session);
    cd_model_unref(model); /* the context's last user may go with it */
}

static void notice_changes(cnn_session_t *session)
{
    cd_plan_set_weights_version(session->plan, session->model->changes + 1);
}

/* n pictures, at most the batch; the result is the plan's. */
static const float *predict(cnn_session_t *session, const float *x, size_t n)
{
    const cnn_model_t *model = session->model;

    notice_changes(session);
    return cd_plan_predict(session->plan, model->weights, model->statistics, x, n);
}

void cd_session_run(cnn_session_t *session, const float *x, size_t n, float *y)
{
    const size_t in = input_size(session), out = output_size(session);

    for (size_t done = 0; done < n;) {
        const size_t count = n - done < session->batch ? n - done : session->batch;
        memcpy(y + done * out, predict(session, x + done * in, count), count * out * sizeof *y);
        done += count;
    }
}

/* The first n of the session's pictures; the result is the plan's or the session's. */
static const float *predict_photos(cnn_session_t *session, size_t n)
{
    const cnn_model_t *model = session->model;

    if (!session->looks)
        return predict(session, session->x, n);
    notice_changes(session);
    cd_mirrored_predict(session->plan, model->graph, model->weights, model->statistics, session->x,
                        n, session->looks);
    return session->looks;
}

void cd_session_probabilities(const cnn_model_t *model, const float *output, float *probabilities)
{
    const size_t outputs = cd_graph_output(model->graph)->shape.c;

    if (outputs == 1) {
        probabilities[0] = 1 - output[0];
        probabilities[1] = output[0];
    } else {
        memcpy(probabilities, output, outputs * sizeof *output);
    }
}

uint32_t cd_session_label(const cnn_model_t *model, const float *probabilities)
{
    size_t label = 0;

    for (size_t c = 1; c < model->n_classes; c++)
        if (probabilities[c] > probabilities[label])
            label = c;
    return (uint32_t)label;
}

static cnn_status_t load_photo(cnn_session_t *session, const struct cd_photo *photo,
                               uint8_t *pixels)
{
    const cnn_preprocess_t *preprocess = &session->model->preprocess;

    if (photo->rgb)
        return cd_preprocess_pixels(session->context, preprocess, photo->rgb, photo->height,
                                    photo->width, photo->stride, pixels);
    if (photo->path)
        return cd_decode_file(session->context, photo->path, &session->limits, preprocess, NULL,
                              pixels);
    if (photo->bytes) {
        const struct cd_image_source source =
            cd_image_in_memory(session->context, photo->bytes, photo->size, &session->limits);
        return cd_decode_photo(&source, preprocess, NULL, pixels);
    }
    return cd_error(CNN_ERROR_ARGUMENT, "the photo is NULL");
}

/* One photo into its slot of x. The message is this thread's and must be kept for the caller's. */
static void load_task(void *argument, size_t task, size_t worker)
{
    cnn_session_t *session = argument;
    struct cd_photo *photo = &session->photos[task];
    const size_t size = input_size(session);
    uint8_t *pixels = session->pixels + task * size;

    (void)worker;
    photo->status = load_photo(session, photo, pixels);
    if (photo->status == CNN_OK)
        cd_preprocess_to_float((const float(*)[256])session->table, pixels, size / 3,
                               session->x + task * size);
    else
        photo->message = cd_strdup(session->context, cd_error_message());
}

void cd_session_predict(cnn_session_t *session, size_t n)
{
    const cnn_model_t *model = session->model;
    const size_t in = input_size(session), out = output_size(session);
    size_t good = 0;

    cd_parallel_for(session->context, n, load_task, session);
    for (size_t i = 0; i < n; i++) /* the good ones move together */
        if (session->photos[i].status == CNN_OK) {
            if (good < i)
                memcpy(session->x + good * in, session->x + i * in, in * sizeof *session->x);
            good++;
        }
    if (good == 0)
        return;
    const float *y = predict_photos(session, good);
    for (size_t i = 0; i < n; i++)
        if (session->photos[i].status == CNN_OK) {
            struct cd_photo *photo = &session->photos[i];
            cd_session_probabilities(model, y, photo->probabilities);
            photo->label = cd_session_label(model, photo->probabilities);
            photo->probability = photo->probabilities[photo->label];
            y += out;
        }
}

void cd_session_clear(cnn_session_t *session, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float *probabilities = session->photos[i].probabilities;
        cd_free(session->context, session->photos[i].message);
        session->photos[i] = (struct cd_photo){.probabilities = probabilities};
    }
}

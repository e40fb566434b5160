/* SPDX-License-Identifier: MIT */
#include "model/session.h"

#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "graph/class_outputs.h"
#include "image/decode.h"
#include "image/preprocess.h"
#include "image/readers.h"
#include "model/test_time_mirroring.h"
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
    cnn_context_t *context = session->context;
    const size_t batch = session->batch, n_classes = session->model->n_classes;
    const size_t in = input_size(session), out = output_size(session);

    session->pixels = cd_alloc_unset(context, batch, in);
    session->x = cd_alloc_unset(context, batch, in * sizeof *session->x);
    session->photos = cd_alloc(context, batch, sizeof *session->photos);
    session->probabilities = cd_alloc(context, batch, n_classes * sizeof *session->probabilities);
    if (mirror)
        session->mirrored = cd_alloc(context, batch, out * sizeof *session->mirrored);
    if (!session->pixels || !session->x || !session->photos || !session->probabilities ||
        (mirror && !session->mirrored))
        return cd_error_memory();
    for (size_t i = 0; i < batch; i++)
        session->photos[i].probabilities = session->probabilities + i * n_classes;
    cd_preprocess_table(&session->model->preprocess, session->table);
    return CNN_OK;
}

cnn_status_t cd_session_create(cnn_model_t *model, size_t batch, const cnn_image_options_t *limits,
                               int mirror, cnn_session_t **out)
{
    const struct cd_plan_options options = {.batch = batch, .prepared = &model->prepared};
    cnn_session_t *session = cd_alloc(model->context, 1, sizeof *session);
    cnn_status_t rc;

    *out = NULL;
    if (!session)
        return cd_error_memory();
    session->context = model->context;
    session->model = cd_model_ref(model);
    session->batch = batch;
    session->limits = *limits;
    CD_TRY_FAIL(cd_plan_create_tuned(model->graph, &options, &session->plan));
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
    cd_free(session->context, session->mirrored);
    cd_free(session->context, session->photos);
    cd_free(session->context, session->probabilities);
    cd_free(session->context, session);
    cd_model_unref(model); /* last, because the context may go with the model */
}

/* ---- the network ---- */

/* Tells the plan when the model's weights have changed. */
static void follow_weights(cnn_session_t *session)
{
    cd_plan_set_weights_version(session->plan, session->model->changes + 1);
}

/* Returns the outputs for n inputs, at most a batch, in the plan's memory. */
static const float *run_batch(cnn_session_t *session, const float *x, size_t n)
{
    const cnn_model_t *model = session->model;

    follow_weights(session);
    return cd_plan_predict(session->plan, model->weights, model->statistics, x, n);
}

void cd_session_run(cnn_session_t *session, const float *x, size_t n, float *y)
{
    const size_t in = input_size(session), out = output_size(session);

    for (size_t done = 0; done < n;) {
        const size_t count = n - done < session->batch ? n - done : session->batch;
        memcpy(y + done * out, run_batch(session, x + done * in, count), count * out * sizeof *y);
        done += count;
    }
}

/* ---- photos ---- */

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
    if (photo->encoded) {
        const struct cd_image_source source = cd_image_in_memory(
            session->context, photo->encoded, photo->encoded_size, &session->limits);
        return cd_decode_photo(&source, preprocess, NULL, pixels);
    }
    return cd_error(CNN_ERROR_ARGUMENT, "the photo is NULL");
}

/* Loads one photo into its place in x. Keeps the message of this thread for the caller's. */
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

/* Moves the inputs of the readable photos to the front of x. Returns their number. */
static size_t close_gaps(cnn_session_t *session, size_t n)
{
    const size_t in = input_size(session);
    size_t readable = 0;

    for (size_t i = 0; i < n; i++) {
        if (session->photos[i].status != CNN_OK)
            continue;
        if (readable < i)
            memcpy(session->x + readable * in, session->x + i * in, in * sizeof *session->x);
        readable++;
    }
    return readable;
}

/* The outputs for the first n inputs in x. The result is the plan's or the session's memory. */
static const float *predict_inputs(cnn_session_t *session, size_t n)
{
    const cnn_model_t *model = session->model;

    if (!session->mirrored)
        return run_batch(session, session->x, n);
    follow_weights(session);
    cd_mirroring_predict(session->plan, model->graph, model->weights, model->statistics, session->x,
                         n, session->mirrored);
    return session->mirrored;
}

void cd_session_predict(cnn_session_t *session, size_t n)
{
    const size_t out = output_size(session), n_classes = session->model->n_classes;

    cd_parallel_for(session->context, n, load_task, session);
    const size_t readable = close_gaps(session, n);
    if (readable == 0)
        return;
    const float *y = predict_inputs(session, readable);
    for (size_t i = 0; i < n; i++) {
        struct cd_photo *photo = &session->photos[i];
        if (photo->status != CNN_OK)
            continue;
        cd_class_probabilities(y, out, photo->probabilities);
        photo->label = cd_most_probable_class(photo->probabilities, n_classes);
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

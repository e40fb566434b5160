/* SPDX-License-Identifier: MIT
 *
 * A session: a plan for prediction and the buffers of one caller. Any number of sessions share a
 * model. */
#ifndef CD_MODEL_SESSION_H
#define CD_MODEL_SESSION_H

#include "model/model.h"
#include "plan/plan.h"

/* A photo to predict and its result. At most one source is set: path, encoded or rgb. A photo
 * without a source fails with CNN_ERROR_ARGUMENT. */
struct cd_photo {
    const char *path;
    const void *encoded; /* the bytes of an image file */
    size_t encoded_size;
    const uint8_t *rgb; /* height x width pixels, rows stride bytes apart; checked */
    size_t height, width, stride;

    cnn_status_t status;  /* the fields below are valid if it is CNN_OK, except for message */
    char *message;        /* why the photo failed, for cd_free; NULL if memory ran out */
    float *probabilities; /* one for each class; the session's memory */
    uint32_t label;       /* the predicted class */
    float probability;    /* probability of the predicted class */
};

struct cnn_session {
    cnn_context_t *context;
    cnn_model_t *model; /* the session holds a reference */
    size_t batch;
    struct cd_plan *plan;

    /* NULL or unused if the model does not see photos. */
    cnn_image_options_t limits; /* with all defaults filled in */
    uint8_t *pixels;            /* batch preprocessed images */
    float *x;                   /* batch network inputs */
    float *mirrored;            /* batch outputs averaged by test-time mirroring; NULL without it */
    struct cd_photo *photos;    /* batch photos */
    float *probabilities;       /* batch x classes, for the photos */
    float table[3][256];        /* cd_preprocess_table of the model */
};

/* Creates a session that runs up to batch images at once, 0 < batch <= CD_PLAN_LARGEST_BATCH.
 * limits: complete. mirror: 1 for test-time mirroring of photos. Errors: MEMORY. */
cnn_status_t cd_session_create(cnn_model_t *model, size_t batch, const cnn_image_options_t *limits,
                               int mirror, cnn_session_t **session);

/* Frees a session. session may be NULL. */
void cd_session_free(cnn_session_t *session);

/* Decodes and preprocesses the first n of the session's photos on the context's threads, then runs
 * the network on those that could be read. Sets each photo's result. n is at most the batch. */
void cd_session_predict(cnn_session_t *session, size_t n);

/* Clears the first n photos, sources and messages, for the next batch. */
void cd_session_clear(cnn_session_t *session, size_t n);

/* Runs the network on n inputs x, any number. y receives n outputs. */
void cd_session_run(cnn_session_t *session, const float *x, size_t n, float *y);

#endif

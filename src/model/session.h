/* SPDX-License-Identifier: MIT
 *
 * A session: a plan for prediction with the scratch of one caller. Any number share a model. */
#ifndef CD_MODEL_SESSION_H
#define CD_MODEL_SESSION_H

#include "model/model.h"
#include "plan/plan.h"

/* A photo to be classified: one source is set, or none (ARGUMENT, for that photo). */
struct cd_photo {
    const char *path;
    const void *bytes; /* of an image file in memory */
    size_t size;
    const uint8_t *rgb; /* height x width pixels, rows stride bytes apart; checked */
    size_t height, width, stride;

    cnn_status_t status;  /* the rest counts if it is CNN_OK */
    char *message;        /* of a failure: owned; NULL if there was no memory for it */
    float *probabilities; /* one a class, the session's */
    uint32_t label;
    float probability;
};

struct cnn_session {
    cnn_context_t *context;
    cnn_model_t *model; /* a user of it */
    size_t batch;
    cnn_image_options_t limits; /* complete */
    float *looks; /* batch x outputs, of photos that are run mirrored too; NULL: they are not */
    struct cd_plan *plan;
    uint8_t *pixels;         /* batch pictures as preprocessed; NULL if the model sees no photos */
    float *x;                /* batch x input shape; NULL if no photos */
    struct cd_photo *photos; /* batch; NULL if no photos */
    float *probabilities;    /* batch x classes, what the photos' point into */
    float table[3][256];     /* cd_preprocess_table of the model */
};

/* 0 < batch <= CD_PLAN_LARGEST_BATCH; limits: complete. mirror: as cnn_session_options_t's. Errors:
 * MEMORY. */
cnn_status_t cd_session_create(cnn_model_t *model, size_t batch, const cnn_image_options_t *limits,
                               int mirror, cnn_session_t **session);
void cd_session_free(cnn_session_t *session);

/* Takes the first n of the session's photos, whose sources are set, through decoding (on the
 * context's threads), preprocessing and the network. Cannot fail; each photo has its status.
 * Messages are freed by cd_session_clear. */
void cd_session_predict(cnn_session_t *session, size_t n);

/* Frees the messages of the first n photos and forgets their sources. */
void cd_session_clear(cnn_session_t *session, size_t n);

/* n pictures of floats, any number: y = network(x). */
void cd_session_run(cnn_session_t *session, const float *x, size_t n, float *y);

/* Class probabilities from one picture's output: [1-p, p] for a single output. */
void cd_session_probabilities(const cnn_model_t *model, const float *output, float *probabilities);

/* The most probable class, the first of equals. */
uint32_t cd_session_label(const cnn_model_t *model, const float *probabilities);

#endif

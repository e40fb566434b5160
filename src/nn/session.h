/* SPDX-License-Identifier: MIT
 *
 * A session: a plan for prediction with the scratch of one caller. Any number share a model. */
#ifndef CD_NN_SESSION_H
#define CD_NN_SESSION_H

#include "nn/model.h"
#include "nn/plan.h"

struct cnn_session {
    cnn_context_t *context;
    cnn_model_t *model; /* a user of it */
    size_t batch;
    struct cd_plan *plan;
    uint8_t *pixels;      /* batch pictures as preprocessed; NULL if the model sees no photos */
    float *x;             /* batch x input shape */
    float table[3][256];  /* cd_preprocess_table of the model */
};

/* batch > 0. Errors: MEMORY. */
cnn_status_t cd_session_create(cnn_model_t *model, size_t batch, cnn_session_t **session);
void cd_session_free(cnn_session_t *session);

/* Class probabilities from one picture's output: [1-p, p] for a single output. */
void cd_session_probabilities(const cnn_model_t *model, const float *output, float *probabilities);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Grad-CAM: which places of a layer's map speak for a class. */
#ifndef CD_MODEL_EXPLANATION_H
#define CD_MODEL_EXPLANATION_H

#include "model/model.h"

struct cnn_explanation {
    cnn_context_t *context;
    cnn_model_t *model; /* a user of it */
    size_t layer;
    uint32_t label;
    float probability;
    float *map; /* as high and wide as the layer's */
};

#define CD_PREDICTED_LABEL UINT32_MAX

/* The layer that is explained where none is named. Errors: MEMORY, SHAPE (there is none). */
cnn_status_t cd_explanation_layer(const cnn_graph_t *graph, size_t *layer);

/* x: a picture as the network, which sees photos, takes it. Errors: MEMORY, NAN, SHAPE (flat, the
 * input, not on the way to the output). */
cnn_status_t cd_explanation_create(cnn_model_t *model, size_t layer, uint32_t label, const float *x,
                                   cnn_explanation_t **explanation);
void cd_explanation_free(cnn_explanation_t *explanation);

#endif

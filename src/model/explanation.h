/* SPDX-License-Identifier: MIT
 *
 * Grad-CAM: the places of a layer's feature map that support a class. */
#ifndef CD_MODEL_EXPLANATION_H
#define CD_MODEL_EXPLANATION_H

#include "image/image.h"
#include "model/model.h"

struct cnn_explanation {
    cnn_context_t *context;
    cnn_model_t *model; /* the explanation holds a reference */
    size_t layer;
    uint32_t label; /* the class that is explained */
    float probability;
    float *map; /* the layer's height x width, 0 to 1 */
};

/* Explains an image. options: read; no class_name means the predicted class, no layer the last one
 * on the way to the output whose feature map is larger than 1 x 1. Errors: ARGUMENT (no such class
 * or layer), MEMORY, SHAPE (the model does not see photos; the layer is flat, the input, or not on
 * the way to the output), NAN. */
cnn_status_t cd_explanation_create(cnn_model_t *model, const cnn_image_t *image,
                                   const cnn_explanation_options_t *options,
                                   cnn_explanation_t **explanation);

/* Draws the explanation over an image, as heat colours of the given opacity, 0 to 1. Errors:
 * MEMORY. */
cnn_status_t cd_explanation_draw(const cnn_explanation_t *explanation, const cnn_image_t *image,
                                 float opacity, cnn_image_t **drawing);

/* Frees an explanation. explanation may be NULL. */
void cd_explanation_free(cnn_explanation_t *explanation);

#endif

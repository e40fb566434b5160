/* SPDX-License-Identifier: MIT
 *
 * An image as the input of a model's network. */
#ifndef CD_MODEL_MODEL_INPUT_H
#define CD_MODEL_MODEL_INPUT_H

#include "image/image.h"
#include "model/model.h"

/* Preprocesses and normalises an image for a model that sees photos. *x: input height x width x 3
 * floats, for cd_free; NULL on failure. Errors: MEMORY. */
cnn_status_t cd_model_input(const cnn_model_t *model, const cnn_image_t *image, float **x);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A photo's way through a model, up to any of its layers. */
#ifndef CD_MODEL_LAYER_VALUES_H
#define CD_MODEL_LAYER_VALUES_H

#include "image/image.h"
#include "model/model.h"

/* The photo as the network (which sees photos) takes it; *x is for cd_free. Errors:
 * MEMORY. */
cnn_status_t cd_model_input(const cnn_model_t *model, const cnn_image_t *photo, float **x);

/* What layer number layer makes of x, one picture: values, of the layer's shape. Errors: MEMORY. */
cnn_status_t cd_layer_values(const cnn_model_t *model, size_t layer, const float *x, float *values);

#endif

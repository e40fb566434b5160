/* SPDX-License-Identifier: MIT
 *
 * The feature map of any layer for one image. */
#ifndef CD_MODEL_LAYER_VALUES_H
#define CD_MODEL_LAYER_VALUES_H

#include "image/image.h"
#include "model/model.h"

/* Runs the network on an image up to the layer of this name. values: count floats, the layer's
 * height x width x channels. where: the public function, for messages. Errors: ARGUMENT (no such
 * layer, another count), MEMORY, SHAPE (the model does not see photos). */
cnn_status_t cd_layer_values(const cnn_model_t *model, const char *where, const cnn_image_t *image,
                             const char *layer, float *values, size_t count);

#endif

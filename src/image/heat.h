/* SPDX-License-Identifier: MIT
 *
 * A heat map drawn over its photo. */
#ifndef CD_IMAGE_HEAT_H
#define CD_IMAGE_HEAT_H

#include "image/image.h"
#include "image/preprocess.h"

/* height x width values from 0 to 1, which cover a whole preprocessed image. */
struct cd_heat_map {
    const float *values;
    size_t height, width;
};

/* Makes an image of the photo's size: the photo, but grey under the colours of the map in the part
 * that preprocess takes from the photo. opacity: opacity of the colours, 0 to 1. *drawing:
 * cd_image_free. Errors: MEMORY. */
cnn_status_t cd_heat_draw(const cnn_preprocess_t *preprocess, const struct cd_heat_map *map,
                          float opacity, const cnn_image_t *photo, cnn_image_t **drawing);

/* The colour of a value from 0 to 1; channels from 0 to 255. */
void cd_heat_color(float value, float rgb[3]);

#endif

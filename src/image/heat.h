/* SPDX-License-Identifier: MIT
 *
 * A map of numbers drawn over the photo that it is about. */
#ifndef CD_IMAGE_HEAT_H
#define CD_IMAGE_HEAT_H

#include "image/image.h"
#include "image/preprocess.h"

/* height x width values from 0 to 1, spread over the whole of a preprocessed picture. */
struct cd_heat_map {
    const float *values;
    size_t height, width;
};

/* A picture of the photo's size: where preprocess takes the photo from, its grey with the map's
 * colours over it; elsewhere the photo. opacity, of the colours: 0 to 1. Errors: MEMORY. */
cnn_status_t cd_heat_draw(const cnn_preprocess_t *preprocess, const struct cd_heat_map *map,
                          float opacity, const cnn_image_t *photo, cnn_image_t **drawing);

/* The colour of a value from 0 to 1. */
void cd_heat_color(float value, float rgb[3]);

#endif

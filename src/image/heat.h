/* SPDX-License-Identifier: MIT
 *
 * Drawing a heat map over its photo. */
#ifndef CD_IMAGE_HEAT_H
#define CD_IMAGE_HEAT_H

#include "image/image.h"
#include "image/preprocess.h"

/* A heat map: height x width values from 0 to 1, which cover the whole preprocessed image. */
struct cd_heat_map {
    const float *values;
    size_t height, width;
};

/* Draws the map over a copy of the photo. In the part of the photo that preprocess shows to the
 * network, the pixels become grey and are blended with the colours of the map. opacity: weight of
 * the colours, 0 to 1. The caller frees *drawing by cd_image_free. Errors: MEMORY. */
cnn_status_t cd_heat_draw(const cnn_preprocess_t *preprocess, const struct cd_heat_map *map,
                          float opacity, const cnn_image_t *photo, cnn_image_t **drawing);

/* Computes the colour of a value from 0 to 1. The channels of rgb are from 0 to 255. */
void cd_heat_color(float value, float rgb[3]);

#endif

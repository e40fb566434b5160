/* SPDX-License-Identifier: MIT
 *
 * Gradient clipping: the sum of squares, and scaling. */
#ifndef CD_TRAIN_CLIP_H
#define CD_TRAIN_CLIP_H

#include <stddef.h>

/* The sum of the squares of n values, added in an order that depends on n only. */
double cd_clip_squares(const float *values, size_t n);

/* Multiplies n values by a factor. */
void cd_clip_scale(float factor, float *values, size_t n);

#endif

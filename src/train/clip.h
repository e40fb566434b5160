/* SPDX-License-Identifier: MIT
 *
 * Gradient clipping: computes the sum of squares of the gradients, and scales them. */
#ifndef CD_TRAIN_CLIP_H
#define CD_TRAIN_CLIP_H

#include <stddef.h>

/* Returns the sum of the squares of n values. The order of the additions depends on n only. */
double cd_clip_squares(const float *values, size_t n);

/* Multiplies n values by a factor. */
void cd_clip_scale(float factor, float *values, size_t n);

#endif

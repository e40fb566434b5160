/* SPDX-License-Identifier: MIT
 *
 * Loops over gradients for clipping them by their norm. */
#ifndef CD_TRAIN_CLIP_H
#define CD_TRAIN_CLIP_H

#include <stddef.h>

/* The sum of n squares, in an order that depends on n alone. */
double cd_clip_squares(const float *values, size_t n);

/* values *= factor */
void cd_clip_scale(float factor, float *values, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Pictures turned left to right. */
#ifndef CD_IMAGE_MIRROR_H
#define CD_IMAGE_MIRROR_H

#include <stddef.h>

/* Turns every row of one picture around in place, x: height x width x 3 floats. */
void cd_mirror(float *x, size_t height, size_t width);

#endif

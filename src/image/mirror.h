/* SPDX-License-Identifier: MIT
 *
 * Images mirrored left to right. */
#ifndef CD_IMAGE_MIRROR_H
#define CD_IMAGE_MIRROR_H

#include <stddef.h>

/* Reverses the pixels of each row in place. x: height x width x 3 floats. */
void cd_mirror(float *x, size_t height, size_t width);

#endif

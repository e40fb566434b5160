/* SPDX-License-Identifier: MIT
 *
 * Mirroring of images. */
#ifndef CD_IMAGE_MIRROR_H
#define CD_IMAGE_MIRROR_H

#include <stddef.h>

/* Mirrors an image left to right, in place. x: height x width x 3 floats. */
void cd_mirror(float *x, size_t height, size_t width);

#endif

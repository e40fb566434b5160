/* SPDX-License-Identifier: MIT
 *
 * Properties of an image's file besides its pixels. */
#ifndef CD_IMAGE_IMAGE_INFO_H
#define CD_IMAGE_IMAGE_INFO_H

#include <catdog/catdog.h>

/* The struct is all zero until the header has been read. If decoding fails later, the fields that
 * are known stay. */
struct cd_image_info {
    uint32_t width, height; /* stored size, before the orientation is applied */
    cnn_color_space_t color_space;
    int orientation;   /* EXIF orientation, 1..8 */
    long warnings;     /* number of the decoder's warnings */
    char warning[200]; /* the first one; "" if there is none */
};

#endif

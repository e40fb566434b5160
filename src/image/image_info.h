/* SPDX-License-Identifier: MIT
 *
 * Properties of an image file other than its pixels. */
#ifndef CD_IMAGE_IMAGE_INFO_H
#define CD_IMAGE_IMAGE_INFO_H

#include <catdog/catdog.h>

/* All fields are zero until the header has been read. If decoding fails after that, the fields that
 * are already known are kept. */
struct cd_image_info {
    uint32_t width, height; /* stored size, before the orientation is applied */
    cnn_color_space_t color_space;
    int orientation;   /* EXIF orientation, 1..8 */
    long warnings;     /* number of the decoder's warnings */
    char warning[200]; /* text of the first warning, or "" if there is none */
};

#endif

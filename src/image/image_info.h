/* SPDX-License-Identifier: MIT
 *
 * What an image's file says beside its pixels. */
#ifndef CD_IMAGE_IMAGE_INFO_H
#define CD_IMAGE_IMAGE_INFO_H

#include <catdog/catdog.h>

/* All zero until the header has been read. Decoding that fails later keeps what is known. */
struct cd_image_info {
    uint32_t width, height; /* as stored, before the orientation is applied */
    cnn_color_space_t color_space;
    int orientation;   /* of EXIF: 1..8 */
    long warnings;     /* of the decoder */
    char warning[200]; /* the first one; "" if there is none */
};

#endif

/* SPDX-License-Identifier: MIT
 *
 * What is known of a photo beside its pixels. */
#ifndef CD_IMAGE_JPEG_INFO_H
#define CD_IMAGE_JPEG_INFO_H

#include <catdog/catdog.h>

/* All zero until the header could be read; also told of a photo that fails later. */
struct cd_jpeg_info {
    uint32_t width, height; /* as stored */
    cnn_color_space_t color_space;
    int orientation;   /* 1..8 */
    long warnings;     /* of the decoder */
    char warning[200]; /* the first, "" without */
};

#endif

/* SPDX-License-Identifier: MIT
 *
 * JPEG as an image format, by libjpeg. Besides jpeg_errors.h and jpeg_write.h, no other file knows
 * libjpeg. */
#ifndef CD_IMAGE_JPEG_READ_H
#define CD_IMAGE_JPEG_READ_H

#include "image/reader.h"

extern const struct cd_image_reader cd_jpeg_reader;

#endif

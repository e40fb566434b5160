/* SPDX-License-Identifier: MIT
 *
 * The reader for JPEG files, which uses libjpeg. Only the jpeg_*.c files depend on libjpeg. */
#ifndef CD_IMAGE_JPEG_READ_H
#define CD_IMAGE_JPEG_READ_H

#include "image/reader.h"

extern const struct cd_image_reader cd_jpeg_reader;

#endif

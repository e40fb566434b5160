/* SPDX-License-Identifier: MIT
 *
 * Writing an image as a JPEG file. */
#ifndef CD_IMAGE_JPEG_WRITE_H
#define CD_IMAGE_JPEG_WRITE_H

#include "image/image.h"

/* Writes the image to the file at path, which is replaced atomically. quality: 1..100. Errors:
 * ARGUMENT (a side over 65,500 pixels), MEMORY, IO. */
cnn_status_t cd_jpeg_save(const cnn_image_t *image, const char *path, int quality);

#endif

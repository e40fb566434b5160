/* SPDX-License-Identifier: MIT
 *
 * JPEG files in and out: the only room that knows libjpeg. Faults of a photo are reported by
 * cd_error (a data set may skip it); name is what messages call the photo. */
#ifndef CD_IMAGE_JPEG_H
#define CD_IMAGE_JPEG_H

#include "image/image.h"
#include "image/jpeg_info.h"

/* limits: complete (no zeros that mean a default). Upright RGB pixels. A file that ends before its
 * end marker is cut short, also if only that is missing. Errors: MEMORY, IMAGE. */
cnn_status_t cd_jpeg_decode(cnn_context_t *context, const char *name, const uint8_t *bytes,
                            size_t size, const cnn_image_options_t *limits, cnn_image_t **image);

/* Reads and decodes a file. Errors also: IO. */
cnn_status_t cd_jpeg_load(cnn_context_t *context, const char *path,
                          const cnn_image_options_t *limits, cnn_image_t **image);

/* The header of a file alone (nothing is decoded, and no more read than the header needs). info:
 * zeroed by the caller. Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_jpeg_header(cnn_context_t *context, const char *path, struct cd_jpeg_info *info);

/* Writes atomically. quality 1..100. Errors: ARGUMENT (sides over 65,500), MEMORY, IO. */
cnn_status_t cd_jpeg_save(const cnn_image_t *image, const char *path, int quality);

/* Takes into hash which libjpeg decodes: the one that the library was built with, and what the one
 * that is loaded says of itself, as a shared library may be replaced without building anew. */
uint64_t cd_jpeg_hash_library(uint64_t hash);

/* Options with defaults put in. */
void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits);

/* The same from a caller's options of any version, NULL included. name: the public function.
 * Errors: ARGUMENT. */
cnn_status_t cd_image_limits_read(const char *name, const cnn_image_options_t *options,
                                  cnn_image_options_t *limits);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The limits on an image's size that protect a program from hostile files. */
#ifndef CD_IMAGE_IMAGE_LIMITS_H
#define CD_IMAGE_IMAGE_LIMITS_H

#include "core/context.h"

/* Copies options (NULL: all defaults) to limits and fills in the defaults. */
void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits);

/* Reads a caller's options, compiled with any version of the header, and fills in the defaults.
 * name: the public function. Errors: ARGUMENT. */
cnn_status_t cd_image_limits_read(const char *name, const cnn_image_options_t *options,
                                  cnn_image_options_t *limits);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The limits on an image's size that protect a program from hostile files. */
#ifndef CD_IMAGE_IMAGE_LIMITS_H
#define CD_IMAGE_IMAGE_LIMITS_H

#include "core/context.h"

/* Copies options (NULL: all defaults) to limits and fills in the defaults. */
void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits);

/* The same for a caller's options of any version. name: the public function. Errors: ARGUMENT. */
cnn_status_t cd_image_limits_read(const char *name, const cnn_image_options_t *options,
                                  cnn_image_options_t *limits);

#endif

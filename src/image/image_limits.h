/* SPDX-License-Identifier: MIT
 *
 * The limits on the size of an image, which protect the host program from hostile files. */
#ifndef CD_IMAGE_IMAGE_LIMITS_H
#define CD_IMAGE_IMAGE_LIMITS_H

#include "core/context.h"

/* Copies options to limits and replaces zeros by the defaults. If options is NULL, limits gets all
 * defaults. */
void cd_image_limits(const cnn_image_options_t *options, cnn_image_options_t *limits);

/* Like cd_image_limits, for the options of a caller that may have been compiled with another
 * version of the header (core/options.h). name: the public function. Errors: ARGUMENT. */
cnn_status_t cd_image_limits_read(const char *name, const cnn_image_options_t *options,
                                  cnn_image_options_t *limits);

#endif

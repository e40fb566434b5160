/* SPDX-License-Identifier: MIT
 *
 * Messages about one photo. */
#ifndef CD_DATA_PHOTO_H
#define CD_DATA_PHOTO_H

#include "core/context.h"

/* Copies this thread's message without the path at its beginning, for lists that also have the
 * path. The caller frees the result by cd_free. Returns NULL without memory. */
char *cd_photo_reason(cnn_context_t *context, const char *path);

#endif

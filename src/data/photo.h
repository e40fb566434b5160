/* SPDX-License-Identifier: MIT
 *
 * Error messages about one photo. */
#ifndef CD_DATA_PHOTO_H
#define CD_DATA_PHOTO_H

#include "core/context.h"

/* Returns a copy of this thread's error message without a leading "path: ", for lists that have the
 * path in another field. The caller frees the copy with cd_free. Returns NULL if out of memory. */
char *cd_photo_reason(cnn_context_t *context, const char *path);

#endif

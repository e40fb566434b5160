/* SPDX-License-Identifier: MIT */
#include "data/photo.h"

#include <string.h>

#include "core/memory.h"

char *cd_photo_reason(cnn_context_t *context, const char *path)
{
    const char *message = cd_error_message();
    const size_t length = strlen(path);

    if (strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0)
        message += length + 2;
    return cd_strdup(context, message);
}

/* SPDX-License-Identifier: MIT */
#include "core/options.h"

#include <string.h>

enum { LARGEST_STRUCT = 4096 }; /* bytes; every public struct is far smaller */

size_t cd_struct_size(const void *object)
{
    size_t size;
    memcpy(&size, object, sizeof size);
    return size >= sizeof size && size <= LARGEST_STRUCT ? size : 0;
}

cnn_status_t cd_options_read(const char *name, const void *options, void *own, size_t own_size)
{
    memset(own, 0, own_size);
    if (options) {
        size_t size = cd_struct_size(options);
        if (size == 0)
            return cd_error(CNN_ERROR_ARGUMENT, "%s: struct_size is not set", name);
        for (size_t i = own_size; i < size; i++)
            if (((const unsigned char *)options)[i] != 0)
                return cd_error(CNN_ERROR_ARGUMENT,
                                "%s: an option that this version of the library does not know",
                                name);
        memcpy(own, options, size < own_size ? size : own_size);
    }
    memcpy(own, &own_size, sizeof own_size);
    return CNN_OK;
}

cnn_status_t cd_result_write(const char *name, const void *own, size_t own_size, void *result)
{
    size_t size = result ? cd_struct_size(result) : 0;
    if (size == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: NULL, or struct_size is not set", name);
    memset(result, 0, size);
    memcpy(result, own, size < own_size ? size : own_size);
    memcpy(result, &size, sizeof size);
    return CNN_OK;
}

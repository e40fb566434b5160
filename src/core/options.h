/* SPDX-License-Identifier: MIT
 *
 * Public structs that grow with the versions of the library: reading the options and filling in the
 * results of a caller that was compiled with an older or newer header. */
#ifndef CD_CORE_OPTIONS_H
#define CD_CORE_OPTIONS_H

#include "core/context.h"

/* The struct_size at the beginning of a caller's struct; 0 if the number is no plausible size, most
 * likely because the caller did not set it. */
size_t cd_struct_size(const void *object);

/* Copies a caller's options (NULL: all zero) into own, a struct of own_size bytes. Fields that an
 * older caller's struct does not have become 0. Fields of a newer caller that this version does not
 * know must be 0. The struct_size of own becomes own_size. name: of the options, for the message.
 * Errors: ARGUMENT. */
cnn_status_t cd_options_read(const char *name, const void *options, void *own, size_t own_size);

/* Copies a result into a caller's struct, as much as its struct_size covers. Fields of a newer
 * caller that this version does not know become 0. struct_size stays as the caller set it. name: of
 * the result, for the message. Errors: ARGUMENT. */
cnn_status_t cd_result_write(const char *name, const void *own, size_t own_size, void *result);

#endif

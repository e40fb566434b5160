/* SPDX-License-Identifier: MIT
 *
 * Public structs that may get more fields in later versions of the library. A caller may have been
 * compiled with an older or newer header, so these functions copy only the fields that both
 * versions have. */
#ifndef CD_CORE_OPTIONS_H
#define CD_CORE_OPTIONS_H

#include "core/context.h"

/* Returns struct_size, the first field of a caller's struct, or 0 if it is not a plausible size,
 * most likely because the caller did not set it. */
size_t cd_struct_size(const void *object);

/* Copies a caller's options to own, a struct of own_size bytes. If options is NULL, all fields are
 * 0. Fields that an older caller's struct does not have are 0. Fields that this version does not
 * know must be 0 in a newer caller's struct. own's struct_size is set to own_size. name: the name
 * of the options in messages. Errors: ARGUMENT. */
cnn_status_t cd_options_read(const char *name, const void *options, void *own, size_t own_size);

/* Copies own, a result of own_size bytes, to the caller's struct, up to the caller's struct_size,
 * which is not changed. Fields of a newer caller's struct that this version does not know are set
 * to 0. name: the name of the result in messages. Errors: ARGUMENT. */
cnn_status_t cd_result_write(const char *name, const void *own, size_t own_size, void *result);

#endif

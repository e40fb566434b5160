/* SPDX-License-Identifier: MIT
 *
 * Public structs of growing size: reading options of any caller's header version, and filling in
 * results. */
#ifndef CD_CORE_OPTIONS_H
#define CD_CORE_OPTIONS_H

#include "core/context.h"

/* The struct_size that a caller's struct begins with; 0 if no struct can have it, so that it most
 * likely was not set. */
size_t cd_struct_size(const void *object);

/* Copies a caller's options (NULL: all zero) into own, a struct of own_size bytes, with what the
 * caller's older struct lacks set to zero and struct_size set to own_size. A newer caller's
 * surplus must be zero. name: for the message. Errors: ARGUMENT. */
cnn_status_t cd_options_read(const char *name, const void *options, void *own, size_t own_size);

/* Copies a result into a caller's struct, as much as its struct_size covers (which stays as the
 * caller set it; what a newer caller has more is zeroed). Errors: ARGUMENT. */
cnn_status_t cd_result_write(const char *name, const void *own, size_t own_size, void *result);

#endif

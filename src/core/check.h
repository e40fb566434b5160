/* SPDX-License-Identifier: MIT
 *
 * Checks of values that come from outside the library. Each returns CNN_OK, or CNN_ERROR_ARGUMENT
 * with a message that begins with where: the public function or the options struct. */
#ifndef CD_CORE_CHECK_H
#define CD_CORE_CHECK_H

#include "core/error.h"

/* An index must be below count. */
cnn_status_t cd_check_index(const char *where, size_t index, size_t count);

/* The field of an enum type must be one of its values, 0 to count - 1. The type's name follows from
 * the field's: "layout" has the type cnn_layout_t. */
cnn_status_t cd_check_enum(const char *where, const char *field, int value, size_t count);

/* A number must not be larger than most. */
cnn_status_t cd_check_most(const char *where, const char *field, size_t value, size_t most);

/* An array for the named thing, which has this many values, must have as many. */
cnn_status_t cd_check_count(const char *where, const char *name, size_t has, size_t given);

#endif

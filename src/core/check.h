/* SPDX-License-Identifier: MIT
 *
 * Checks of values that the caller of the library has passed. Each function returns CNN_OK, or
 * CNN_ERROR_ARGUMENT with a message that begins with `where`: the name of the public function or
 * of the options struct. */
#ifndef CD_CORE_CHECK_H
#define CD_CORE_CHECK_H

#include "core/error.h"

/* Checks that index is below count. */
cnn_status_t cd_check_index(const char *where, size_t index, size_t count);

/* Checks that value, a field of an enum type, is from 0 to count - 1. The message derives the
 * type's name from the field's name: "layout" has the type cnn_layout_t. */
cnn_status_t cd_check_enum(const char *where, const char *field, int value, size_t count);

/* Checks that value is not larger than most. */
cnn_status_t cd_check_most(const char *where, const char *field, size_t value, size_t most);

/* Checks the length of a caller's array (`given`) against the number of values (`has`) of the
 * parameter or layer that `name` names. */
cnn_status_t cd_check_count(const char *where, const char *name, size_t has, size_t given);

#endif

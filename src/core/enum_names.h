/* SPDX-License-Identifier: MIT
 *
 * The names of an enum's values, as files and messages write them. Each enum with names has one
 * list, in the room that the enum belongs to. */
#ifndef CD_CORE_ENUM_NAMES_H
#define CD_CORE_ENUM_NAMES_H

#include <stddef.h>

/* names[v] is the name of value v, or NULL if this value has none. */
struct cd_enum_names {
    const char *const *names;
    size_t count;
};

/* Initialises a list from an array. */
#define CD_ENUM_NAMES(array)                                                                       \
    {                                                                                              \
        (array), sizeof(array) / sizeof *(array)                                                   \
    }

/* The name of a value; NULL if it has none. */
const char *cd_enum_name(const struct cd_enum_names *list, int value);

/* The value with a name; -1 if no value has it. */
int cd_enum_find(const struct cd_enum_names *list, const char *name);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The names of an enum's values in files and messages. */
#ifndef CD_CORE_ENUM_NAMES_H
#define CD_CORE_ENUM_NAMES_H

#include <stddef.h>

/* One name for each value from 0 to count - 1; NULL for a value without a name. */
struct cd_enum_names {
    const char *const *first;
    size_t count;
    size_t stride; /* distance from one name to the next in bytes */
};

/* Initialise a struct cd_enum_names. CD_ENUM_NAMES takes an array of names that is indexed by the
 * enum's value. CD_ENUM_NAMES_OF_ROWS takes an array of structs that is indexed by the value, and
 * the struct's member that holds the name. */
#define CD_ENUM_NAMES(names)                                                                       \
    {                                                                                              \
        (names), sizeof(names) / sizeof *(names), sizeof *(names)                                  \
    }
#define CD_ENUM_NAMES_OF_ROWS(rows, member)                                                        \
    {                                                                                              \
        &(rows)[0].member, sizeof(rows) / sizeof *(rows), sizeof *(rows)                           \
    }

/* Returns the name of a value, or NULL if it has none. */
const char *cd_enum_name(const struct cd_enum_names *list, int value);

/* Returns the value that has this name, or -1 if there is none. */
int cd_enum_find(const struct cd_enum_names *list, const char *name);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The names of an enum's values, as files and messages write them. Each enum with names has one
 * list, in the folder that the enum belongs to. */
#ifndef CD_CORE_ENUM_NAMES_H
#define CD_CORE_ENUM_NAMES_H

#include <stddef.h>

/* One name for each value from 0 to count - 1; NULL for a value without a name. */
struct cd_enum_names {
    const char *const *first;
    size_t count;
    size_t stride; /* bytes from one name to the next */
};

/* Initialises a list from an array of names by value, or from a table with one row for each value,
 * whose member holds the name. */
#define CD_ENUM_NAMES(names)                                                                       \
    {                                                                                              \
        (names), sizeof(names) / sizeof *(names), sizeof *(names)                                  \
    }
#define CD_ENUM_NAMES_OF_ROWS(rows, member)                                                        \
    {                                                                                              \
        &(rows)[0].member, sizeof(rows) / sizeof *(rows), sizeof *(rows)                           \
    }

/* The name of a value; NULL if it has none. */
const char *cd_enum_name(const struct cd_enum_names *list, int value);

/* The value with a name; -1 if no value has it. */
int cd_enum_find(const struct cd_enum_names *list, const char *name);

#endif

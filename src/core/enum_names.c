/* SPDX-License-Identifier: MIT */
#include "core/enum_names.h"

#include <string.h>

const char *cd_enum_name(const struct cd_enum_names *list, int value)
{
    return value >= 0 && (size_t)value < list->count ? list->names[value] : NULL;
}

int cd_enum_find(const struct cd_enum_names *list, const char *name)
{
    for (size_t v = 0; v < list->count; v++)
        if (list->names[v] && strcmp(list->names[v], name) == 0)
            return (int)v;
    return -1;
}

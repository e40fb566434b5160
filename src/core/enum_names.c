/* SPDX-License-Identifier: MIT */
#include "core/enum_names.h"

#include <string.h>

const char *cd_enum_name(const struct cd_enum_names *list, int value)
{
    const char *name;

    if (value < 0 || (size_t)value >= list->count)
        return NULL;
    memcpy(&name, (const char *)list->first + (size_t)value * list->stride, sizeof name);
    return name;
}

int cd_enum_find(const struct cd_enum_names *list, const char *name)
{
    for (int value = 0; (size_t)value < list->count; value++) {
        const char *own = cd_enum_name(list, value);
        if (own && strcmp(own, name) == 0)
            return value;
    }
    return -1;
}

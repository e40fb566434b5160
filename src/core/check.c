/* SPDX-License-Identifier: MIT */
#include "core/check.h"

cnn_status_t cd_check_index(const char *where, size_t index, size_t count)
{
    if (index < count)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT, "%s: index %zu; there are %zu", where, index, count);
}

cnn_status_t cd_check_enum(const char *where, const char *field, int value, size_t count)
{
    if (value >= 0 && (size_t)value < count)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT, "%s: %s %d is not one of cnn_%s_t", where, field, value,
                    field);
}

cnn_status_t cd_check_most(const char *where, const char *field, size_t value, size_t most)
{
    if (value <= most)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT, "%s: %s must be at most %zu, not %zu", where, field, most,
                    value);
}

cnn_status_t cd_check_count(const char *where, const char *name, size_t has, size_t given)
{
    if (given == has)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT, "%s: \"%s\" has %zu values, not %zu", where, name, has,
                    given);
}

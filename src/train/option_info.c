/* SPDX-License-Identifier: MIT */
#include "train/option_info.h"

#include <math.h>

#include "core/options.h"
#include "train/train_values.h"

static cnn_option_kind_t kind_of(const struct cd_train_field *field)
{
    switch (field->kind) {
    case CD_VALUE_FLOAT:
        return CNN_OPTION_REAL;
    case CD_VALUE_SWITCH:
        return CNN_OPTION_SWITCH;
    case CD_VALUE_CHOICE:
        return CNN_OPTION_CHOICE;
    default:
        return CNN_OPTION_INTEGER;
    }
}

/* Returns the enum value of choice number `choice`, or -1 if there is no such choice. Enum values
 * without a name stand for defaults and are not choices. */
static int choice_value(const struct cd_train_field *field, size_t choice)
{
    if (field->kind != CD_VALUE_CHOICE)
        return -1;
    for (size_t value = 0; value < field->choices->count; value++)
        if (cd_enum_name(field->choices, (int)value) && choice-- == 0)
            return (int)value;
    return -1;
}

const char *cd_option_choice(size_t index, size_t choice)
{
    const struct cd_train_field *field = cd_train_field_at(index);
    const int value = choice_value(field, choice);

    return value < 0 ? NULL : cd_enum_name(field->choices, value);
}

static void describe_choices(const struct cd_train_field *field, cnn_train_option_info_t *info)
{
    size_t n = 0;

    for (int value; (value = choice_value(field, n)) >= 0; n++)
        if (value == (int)field->standard)
            info->default_value = (double)n;
    info->maximum = (double)(n - 1);
}

/* Sets the default and the bounds. An excluded bound is replaced by the nearest float that is
 * allowed. */
static void describe_bounds(const struct cd_train_field *field, cnn_train_option_info_t *info)
{
    info->default_value = field->standard;
    info->minimum = field->min;
    info->maximum = field->max;
    if (field->open & CD_OPEN_MIN)
        info->minimum = (double)nextafterf((float)field->min, INFINITY);
    if (field->open & CD_OPEN_MAX)
        info->maximum = (double)nextafterf((float)field->max, -INFINITY);
}

cnn_train_option_info_t cd_option_info(size_t index)
{
    const struct cd_train_field *field = cd_train_field_at(index);
    cnn_train_option_info_t info = {
        .struct_size = sizeof info,
        .name = field->name,
        .kind = kind_of(field),
        .has_preset = field->has_preset,
        .unit = field->unit ? field->unit : "",
        .description = field->about,
    };

    if (field->kind == CD_VALUE_CHOICE)
        describe_choices(field, &info);
    else
        describe_bounds(field, &info);
    return info;
}

cnn_status_t cd_option_set(cnn_train_options_t *options, const char *name, const char *value)
{
    const struct cd_train_field *field = cd_train_field_find(name);

    if (!field)
        return cd_error(CNN_ERROR_ARGUMENT, "there is no training option \"%.80s\"", name);
    if (cd_struct_size(options) < field->offset + sizeof(uint64_t))
        return cd_error(CNN_ERROR_ARGUMENT,
                        "cnn_train_options_t: struct_size is not set or too small for %s", name);
    return cd_train_value_set_text(field, value, options);
}

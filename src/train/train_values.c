/* SPDX-License-Identifier: MIT */
#include "train/train_values.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/text.h"

/* A value of any kind. It is copied from and to the struct with memcpy, because the table has the
 * offsets of the fields but not their types. */
union value {
    uint32_t count;
    int32_t number;
    uint64_t seed;
    float real;
    int choice; /* CHOICE and SWITCH */
};

static size_t size_of(const struct cd_train_field *field)
{
    return field->kind == CD_VALUE_SEED ? sizeof(uint64_t) : sizeof(uint32_t);
}

static union value read_at(const struct cd_train_field *field, const void *object, size_t offset)
{
    union value value = {.seed = 0};

    memcpy(&value, (const char *)object + offset, size_of(field));
    return value;
}

static void write_value(const struct cd_train_field *field, union value value,
                        cnn_train_options_t *options)
{
    memcpy((char *)options + field->offset, &value, size_of(field));
}

static double number_of(const struct cd_train_field *field, union value value)
{
    switch (field->kind) {
    case CD_VALUE_COUNT:
        return value.count;
    case CD_VALUE_SIGNED:
        return value.number;
    case CD_VALUE_SEED:
        return (double)value.seed;
    case CD_VALUE_FLOAT:
        return (double)value.real;
    default:
        return value.choice;
    }
}

static union value value_of(const struct cd_train_field *field, double number)
{
    switch (field->kind) {
    case CD_VALUE_COUNT:
        return (union value){.count = (uint32_t)number};
    case CD_VALUE_SIGNED:
        return (union value){.number = (int32_t)number};
    case CD_VALUE_SEED:
        return (union value){.seed = (uint64_t)number};
    case CD_VALUE_FLOAT:
        return (union value){.real = (float)number};
    default:
        return (union value){.choice = (int)number};
    }
}

const char *cd_train_value_text(const struct cd_train_field *field,
                                const cnn_train_options_t *options, char text[CD_NUMBER_SIZE])
{
    const union value value = read_at(field, options, field->offset);

    switch (field->kind) {
    case CD_VALUE_COUNT:
        snprintf(text, CD_NUMBER_SIZE, "%lu", (unsigned long)value.count);
        return text;
    case CD_VALUE_SIGNED:
        snprintf(text, CD_NUMBER_SIZE, "%ld", (long)value.number);
        return text;
    case CD_VALUE_SEED:
        snprintf(text, CD_NUMBER_SIZE, "%llu", (unsigned long long)value.seed);
        return text;
    case CD_VALUE_FLOAT:
        return cd_number_text_float(value.real, text);
    case CD_VALUE_SWITCH:
        return value.choice ? "true" : "false";
    default:
        return cd_enum_name(field->choices, value.choice);
    }
}

/* ---- bounds ---- */

/* Returns 1 if the upper bound is the largest value of the kind. */
static int is_unlimited(const struct cd_train_field *field)
{
    const double most = field->kind == CD_VALUE_COUNT    ? (double)UINT32_MAX
                        : field->kind == CD_VALUE_SIGNED ? (double)INT32_MAX
                                                         : (double)FLT_MAX;
    return field->max >= most;
}

/* Reports what the number must be, for example "learning_rate must be above 0 and finite". */
static cnn_status_t refuse_number(const struct cd_train_field *field)
{
    const int real = field->kind == CD_VALUE_FLOAT;
    const char *const whole = real ? "" : "a whole number, ";
    const char *const above = field->open & CD_OPEN_MIN ? "above" : "at least";
    const char *const below = field->open & CD_OPEN_MAX ? "below" : "at most";
    char low[CD_NUMBER_SIZE], high[CD_NUMBER_SIZE];

    cd_number_text(field->min, low);
    cd_number_text(field->max, high);
    if (is_unlimited(field))
        return cd_error(CNN_ERROR_ARGUMENT, "%s must be %s%s %s%s", field->name, whole, above, low,
                        real ? " and finite" : "");
    if (field->open)
        return cd_error(CNN_ERROR_ARGUMENT, "%s must be %s%s %s and %s %s", field->name, whole,
                        above, low, below, high);
    return cd_error(CNN_ERROR_ARGUMENT, "%s must be %sfrom %s to %s", field->name, whole, low,
                    high);
}

/* Reports the valid choices, for example "schedule must be constant, step or cosine". */
static cnn_status_t refuse_choice(const struct cd_train_field *field)
{
    const int count = (int)field->choices->count;
    char names[128] = "";
    size_t length = 0;

    for (int value = 0; value < count && length < sizeof names; value++) {
        const char *name = cd_enum_name(field->choices, value);
        const char *separator = length == 0 ? "" : value + 1 < count ? ", " : " or ";
        if (name)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", separator,
                                       name);
    }
    return cd_error(CNN_ERROR_ARGUMENT, "%s must be %s", field->name, names);
}

static cnn_status_t refuse(const struct cd_train_field *field)
{
    switch (field->kind) {
    case CD_VALUE_SWITCH:
        return cd_error(CNN_ERROR_ARGUMENT, "%s must be true or false", field->name);
    case CD_VALUE_CHOICE:
        return refuse_choice(field);
    default:
        return refuse_number(field);
    }
}

/* Returns 1 if the number is within the bounds, else 0. NaN is never within them. */
static int is_inside(const struct cd_train_field *field, double number)
{
    const int above = field->open & CD_OPEN_MIN ? number > field->min : number >= field->min;
    const int below = field->open & CD_OPEN_MAX ? number < field->max : number <= field->max;

    return above && below;
}

cnn_status_t cd_train_value_check(const struct cd_train_field *field,
                                  const cnn_train_options_t *options)
{
    const union value value = read_at(field, options, field->offset);
    int good;

    switch (field->kind) {
    case CD_VALUE_SEED:
        return CNN_OK;
    case CD_VALUE_CHOICE:
        good = cd_enum_name(field->choices, value.choice) != NULL;
        break;
    default:
        good = is_inside(field, number_of(field, value));
    }
    return good ? CNN_OK : refuse(field);
}

/* ---- defaults ---- */

/* Returns 1 if 0 stands for the preset's value. The option is then turned off by CNN_NONE. */
static int has_off(const struct cd_train_field *field)
{
    return field->has_preset && field->min == 0 && field->standard == 0;
}

void cd_train_value_complete(const struct cd_train_field *field, const cnn_preset_info_t *preset,
                             cnn_train_options_t *options)
{
    double number = number_of(field, read_at(field, options, field->offset));

    if (field->kind == CD_VALUE_SEED)
        return;
    if (number == 0 && preset && field->has_preset)
        number = number_of(field, read_at(field, preset, field->preset_offset));
    if (number == 0)
        number = field->standard;
    if (has_off(field) && number < 0)
        number = 0;
    if (field->kind == CD_VALUE_SWITCH)
        number = number > 0;
    write_value(field, value_of(field, number), options);
}

/* ---- setting ---- */

cnn_status_t cd_train_value_set_number(const struct cd_train_field *field, double number,
                                       cnn_train_options_t *options)
{
    const int real = field->kind == CD_VALUE_FLOAT;
    const double rounded = real ? (double)(float)number : floor(number);

    if (field->kind == CD_VALUE_SWITCH || field->kind == CD_VALUE_CHOICE)
        return refuse(field);
    /* Refuse small numbers that a float rounds to 0: 0 would stand for the default. */
    if (!is_inside(field, number) || !is_inside(field, rounded) || (rounded == 0 && number != 0) ||
        (!real && rounded != number))
        return refuse(field);
    const double stored = rounded == 0 && has_off(field) ? CNN_NONE : rounded;
    write_value(field, value_of(field, stored), options);
    return CNN_OK;
}

cnn_status_t cd_train_value_set_switch(const struct cd_train_field *field, int on,
                                       cnn_train_options_t *options)
{
    if (field->kind != CD_VALUE_SWITCH)
        return refuse(field);
    write_value(field, value_of(field, on ? 1 : has_off(field) ? CNN_NONE : 0), options);
    return CNN_OK;
}

cnn_status_t cd_train_value_set_choice(const struct cd_train_field *field, const char *name,
                                       cnn_train_options_t *options)
{
    const int found = field->kind == CD_VALUE_CHOICE ? cd_enum_find(field->choices, name) : -1;

    if (found < 0)
        return refuse(field);
    write_value(field, value_of(field, found), options);
    return CNN_OK;
}

cnn_status_t cd_train_value_set_text(const struct cd_train_field *field, const char *text,
                                     cnn_train_options_t *options)
{
    double number;

    if (field->kind == CD_VALUE_CHOICE)
        return cd_train_value_set_choice(field, text, options);
    if (field->kind == CD_VALUE_SWITCH)
        return strcmp(text, "true") != 0 && strcmp(text, "false") != 0
                   ? refuse(field)
                   : cd_train_value_set_switch(field, strcmp(text, "true") == 0, options);
    if (!cd_number_parse(text, &number))
        return refuse(field);
    return cd_train_value_set_number(field, number, options);
}

/* SPDX-License-Identifier: MIT */
#include "base/values.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/option_rows.h"
#include "base/presets.h"

enum { NAMES = 256 };

/* The buffer for the reason why a value is refused. */
struct refusal {
    char *text;
    size_t size;
};

static int refuse(const struct refusal *refusal, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(refusal->text, refusal->size, format, list);
    va_end(list);
    return 0;
}

static void list_choices(const struct choice *choices, char *text, size_t size)
{
    size_t used = 0;

    for (const struct choice *c = choices; c->name && used < size; c++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", c->name);
}

/* ---- numbers ---- */

/* Reads an unsigned integer, which the character `end` (or '\0') must follow. Sets *rest, unless
 * rest is NULL, to the text after `end`. Returns 1, or 0 if text does not have this form. */
static int read_whole(const char *text, char end, uint64_t *value, const char **rest)
{
    char *stop;

    if (!isdigit((unsigned char)*text))
        return 0;
    errno = 0;
    const unsigned long long number = strtoull(text, &stop, 10);
    if (errno || *stop != end || number > UINT64_MAX)
        return 0;
    *value = number;
    if (rest)
        *rest = stop + 1;
    return 1;
}

/* Does the same for a decimal number. Refuses hexadecimal numbers, "inf", "nan" and leading
 * blanks. */
static int read_real(const char *text, char end, double *value, const char **rest)
{
    char *stop;
    const size_t length = strspn(text, "+-.0123456789eE");

    if (length == 0 || text[length] != end)
        return 0;
    *value = strtod(text, &stop);
    if (stop != text + length || !isfinite(*value))
        return 0;
    if (rest)
        *rest = stop + 1;
    return 1;
}

int value_number(const char **text, double *value)
{
    const size_t length = strcspn(*text, ",");

    if (!read_real(*text, (*text)[length], value, NULL))
        return 0;
    *text += length;
    return 1;
}

/* Writes bounds as in "1 to 100", "at least 1", "above 0, at most 1000", "at least 0, below 1". */
static void describe_bounds(double min, double max, char *text, size_t size)
{
    const int above_0 = min > 0 && min < 1e-30, unbounded = max >= 1e9;
    const int below_1 = max < 1 && nextafterf((float)max, 2) == 1;
    char low[32], high[32] = "";

    if (!above_0 && !unbounded && !below_1) {
        snprintf(text, size, "%.10g to %.10g", min, max);
        return;
    }
    snprintf(low, sizeof low, above_0 ? "above 0" : "at least %.10g", min);
    if (!unbounded)
        snprintf(high, sizeof high, below_1 ? ", below 1" : ", at most %.10g", max);
    snprintf(text, size, "%s%s", low, high);
}

static int is_within(const struct option *option, double value)
{
    return value >= option->min && value <= option->max;
}

static int refuse_range(const struct refusal *refusal, const struct option *option,
                        const char *fault, const char *text)
{
    char bounds[64];

    describe_bounds(option->min, option->max, bounds, sizeof bounds);
    return refuse(refusal, "\"%s\" %s (%s)", text, fault, bounds);
}

/* ---- setters, one for each kind ---- */

static int set_whole(const struct option *option, const char *text, const struct refusal *refusal)
{
    uint64_t value;

    if (!read_whole(text, '\0', &value, NULL) || !is_within(option, (double)value))
        return refuse_range(refusal, option, "is not a whole number in range", text);
    if (option->kind == OPTION_U32)
        *(uint32_t *)option->value = (uint32_t)value;
    else
        *(size_t *)option->value = (size_t)value;
    return 1;
}

static int set_seed(const struct option *option, const char *text, const struct refusal *refusal)
{
    uint64_t value;

    if (!read_whole(text, '\0', &value, NULL) || value == 0 || value > INT64_MAX)
        return refuse(refusal, "\"%s\" is not a whole number from 1 to %lld", text,
                      (long long)INT64_MAX);
    *(uint64_t *)option->value = value;
    return 1;
}

static int set_bytes(const struct option *option, const char *text, const struct refusal *refusal)
{
    static const char units[] = "KMG";
    char *stop;

    errno = 0;
    const unsigned long long number = isdigit((unsigned char)*text) ? strtoull(text, &stop, 10) : 0;
    int wrong = number == 0 || errno != 0;
    const char *unit = wrong || !*stop ? NULL : strchr(units, *stop);
    const int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    wrong = wrong || (unit ? stop[1] != '\0' : *stop != '\0') || number > UINT64_MAX >> shift;
    if (wrong)
        return refuse(refusal, "\"%s\" is not a number of bytes, such as 64M or 2G", text);
    *(uint64_t *)option->value = (uint64_t)number << shift;
    return 1;
}

static int set_float(const struct option *option, const char *text, const struct refusal *refusal)
{
    double value;

    if (!read_real(text, '\0', &value, NULL) || !is_within(option, value))
        return refuse_range(refusal, option, "is not a number in range", text);
    *(float *)option->value = (float)value;
    return 1;
}

static int set_shape(const struct option *option, const char *text, const struct refusal *refusal)
{
    uint64_t height, width;
    const char *rest;

    if (!read_whole(text, 'x', &height, &rest) || !read_whole(rest, '\0', &width, NULL) ||
        !is_within(option, (double)height) || !is_within(option, (double)width))
        return refuse_range(refusal, option, "is not HEIGHTxWIDTH", text);
    ((uint32_t *)option->value)[0] = (uint32_t)height;
    ((uint32_t *)option->value)[1] = (uint32_t)width;
    return 1;
}

static int set_triple(const struct option *option, const char *text, const struct refusal *refusal)
{
    double value[3];
    const char *rest = text;

    for (int i = 0; i < 3; i++)
        if (!read_real(rest, i < 2 ? ',' : '\0', &value[i], &rest) || !is_within(option, value[i]))
            return refuse_range(refusal, option, "is not R,G,B", text);
    for (int i = 0; i < 3; i++)
        ((float *)option->value)[i] = (float)value[i];
    return 1;
}

static int set_choice(const struct option *option, const char *text, const struct refusal *refusal)
{
    char names[NAMES];

    for (const struct choice *c = option->choices; c->name; c++)
        if (strcmp(c->name, text) == 0) {
            *(int *)option->value = c->value;
            return 1;
        }
    list_choices(option->choices, names, sizeof names);
    return refuse(refusal, "\"%s\" is not one of %s", text, names);
}

static int set_text(const struct option *option, const char *text, const struct refusal *refusal)
{
    cnn_preset_info_t preset;
    char names[NAMES];

    if (!*text)
        return refuse(refusal, "the value is empty");
    if (option->kind == OPTION_PRESET && !preset_find(text, &preset)) {
        preset_names(names, sizeof names);
        return refuse(refusal, "\"%s\" is not one of %s", text, names);
    }
    *(const char **)option->value = text;
    return 1;
}

/* Sets a training option. The library checks the value. Its error message starts with the name of
 * the field, which is removed. */
static int set_training(const struct option *option, const char *text,
                        const struct refusal *refusal)
{
    cnn_train_option_info_t info;
    const char *value = text, *message;

    option_find_training(option->name, &info);
    if (info.kind == CNN_OPTION_SWITCH) {
        if (strcmp(text, "on") != 0 && strcmp(text, "off") != 0)
            return refuse(refusal, "\"%s\" is not one of on, off", text);
        value = strcmp(text, "on") == 0 ? "true" : "false";
    }
    if (cnn_train_option_set(option->value, info.name, value) == CNN_OK)
        return 1;
    message = cnn_error_message();
    if (strncmp(message, info.name, strlen(info.name)) == 0)
        message += strlen(info.name) + 1;
    return refuse(refusal, "%s, not \"%s\"", message, text);
}

int value_set(const struct option *option, const char *text, char *why, size_t size)
{
    const struct refusal refusal = {why, size};

    switch (option->kind) {
    case OPTION_FLAG:
        *(int *)option->value = 1;
        return 1;
    case OPTION_U32:
    case OPTION_SIZE:
        return set_whole(option, text, &refusal);
    case OPTION_FLOAT:
        return set_float(option, text, &refusal);
    case OPTION_SEED:
        return set_seed(option, text, &refusal);
    case OPTION_BYTES:
        return set_bytes(option, text, &refusal);
    case OPTION_CHOICE:
        return set_choice(option, text, &refusal);
    case OPTION_SHAPE:
        return set_shape(option, text, &refusal);
    case OPTION_TRIPLE:
        return set_triple(option, text, &refusal);
    case OPTION_TRAINING:
        return set_training(option, text, &refusal);
    default:
        return set_text(option, text, &refusal);
    }
}

static void describe_training(const struct option *option, char *text, size_t size)
{
    cnn_train_option_info_t info;
    const size_t index = option_find_training(option->name, &info);
    char list[NAMES] = "";
    const char *name;

    if (info.kind == CNN_OPTION_SWITCH) {
        snprintf(text, size, "Choices: on, off.");
    } else if (info.kind == CNN_OPTION_CHOICE) {
        for (size_t i = 0; (name = cnn_train_option_choice(index, i)); i++) {
            const size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", name);
        }
        snprintf(text, size, "Choices: %s.", list);
    } else {
        describe_bounds(info.minimum, info.maximum, list, sizeof list);
        snprintf(text, size, "Range: %s.", list);
    }
}

void value_limits(const struct option *option, char *text, size_t size)
{
    char list[NAMES] = "";

    text[0] = '\0';
    switch (option->kind) {
    case OPTION_PRESET:
        preset_names(list, sizeof list);
        snprintf(text, size, "Choices: %s.", list);
        break;
    case OPTION_CHOICE:
        list_choices(option->choices, list, sizeof list);
        snprintf(text, size, "Choices: %s.", list);
        break;
    case OPTION_U32:
    case OPTION_SIZE:
    case OPTION_FLOAT:
    case OPTION_SHAPE:
    case OPTION_TRIPLE:
        describe_bounds(option->min, option->max, list, sizeof list);
        snprintf(text, size, "Range: %s.", list);
        break;
    case OPTION_TRAINING:
        describe_training(option, text, size);
        break;
    default:
        break;
    }
}

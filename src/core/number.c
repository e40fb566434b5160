/* SPDX-License-Identifier: MIT */
#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies a printed number and replaces the locale's decimal point by ".". The locale's decimal
 * point may have several bytes, none of which occurs elsewhere in a number. */
static void put_point(const char *printed, char text[CD_NUMBER_SIZE])
{
    size_t length = 0;
    int in_point = 0;

    for (; *printed && length + 1 < CD_NUMBER_SIZE; printed++) {
        if (strchr("0123456789+-e", *printed)) {
            text[length++] = *printed;
            in_point = 0;
        } else if (!in_point) {
            text[length++] = '.';
            in_point = 1;
        }
    }
    text[length] = '\0';
}

static const char *not_finite(double value, char text[CD_NUMBER_SIZE])
{
    strcpy(text, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    return text;
}

const char *cd_number_text(double value, char text[CD_NUMBER_SIZE])
{
    char printed[2 * CD_NUMBER_SIZE];

    if (!isfinite(value))
        return not_finite(value, text);
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(printed, sizeof printed, "%.*g", digits, value);
        if (strtod(printed, NULL) == value) /* strtod uses the same locale as snprintf */
            break;
    }
    put_point(printed, text);
    return text;
}

const char *cd_number_text_float(float value, char text[CD_NUMBER_SIZE])
{
    char printed[2 * CD_NUMBER_SIZE];

    if (!isfinite(value))
        return not_finite(value, text);
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(printed, sizeof printed, "%.*g", digits, (double)value);
        if (strtof(printed, NULL) == value)
            break;
    }
    put_point(printed, text);
    return text;
}

/* Copies text and replaces "." by the locale's decimal point, as strtod expects it. Returns 0 if
 * text is too long or has a character that does not occur in a number. */
static int localise(const char *text, char *copy, size_t size)
{
    char half[16]; /* 0.5 as printed: "0", the locale's decimal point, "5" */
    size_t length = 0;

    snprintf(half, sizeof half, "%.1f", 0.5);
    for (; *text; text++) {
        const size_t point = *text == '.' ? strlen(half) - 2 : 1;
        if (!strchr("0123456789+-.eE", *text) || length + point >= size)
            return 0;
        memcpy(copy + length, *text == '.' ? half + 1 : text, point);
        length += point;
    }
    copy[length] = '\0';
    return 1;
}

int cd_number_parse(const char *text, double *value)
{
    char copy[4 * CD_NUMBER_SIZE], *end;

    if (!localise(text, copy, sizeof copy))
        return 0;
    const double number = strtod(copy, &end);
    if (end == copy || *end)
        return 0;
    *value = number;
    return 1;
}

uint64_t cd_number_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

double cd_number_from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

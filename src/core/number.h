/* SPDX-License-Identifier: MIT
 *
 * Conversion between numbers and text. The decimal point is always ".", whatever the locale. */
#ifndef CD_CORE_NUMBER_H
#define CD_CORE_NUMBER_H

#include <stdint.h>

enum { CD_NUMBER_SIZE = 40 };

/* Write value with the smallest number of significant digits from 15 to 17 (float: 6 to 9) from
 * which the same value is read back. NaN and the infinities are written as "nan", "inf" and "-inf".
 * Return text. */
const char *cd_number_text(double value, char text[CD_NUMBER_SIZE]);
const char *cd_number_text_float(float value, char text[CD_NUMBER_SIZE]);

/* Reads a decimal number: digits with an optional sign, "." and exponent. Returns 1, or 0 if the
 * whole text is not such a number; *value is then unchanged. */
int cd_number_parse(const char *text, double *value);

/* Convert a double to its bits and back, for files that must restore every value exactly, including
 * NaN. */
uint64_t cd_number_bits(double value);
double cd_number_from_bits(uint64_t bits);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Numbers as text, with a decimal point whatever the locale of the host program. */
#ifndef CD_CORE_NUMBER_H
#define CD_CORE_NUMBER_H

#include <stdint.h>

enum { CD_NUMBER_SIZE = 40 };

/* Writes value with the fewest digits, of 15 to 17 (float: 6 to 9), that read back as the same
 * value. NaN and the infinities become "nan", "inf" and "-inf". Returns text. */
const char *cd_number_text(double value, char text[CD_NUMBER_SIZE]);
const char *cd_number_text_float(float value, char text[CD_NUMBER_SIZE]);

/* Reads a whole text of digits, sign, decimal point and exponent. Returns 1, or 0 if the text is
 * not such a number; *value is then unchanged. */
int cd_number_parse(const char *text, double *value);

/* The bits of a double, for files that must restore every value exactly, NaN included. */
uint64_t cd_number_bits(double value);
double cd_number_from_bits(uint64_t bits);

#endif

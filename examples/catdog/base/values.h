/* SPDX-License-Identifier: MIT
 *
 * Parses the values of options and describes their bounds and choices. A number is accepted only if
 * the whole text is a number within the bounds. */
#ifndef CATDOG_VALUES_H
#define CATDOG_VALUES_H

#include <stddef.h>

#include "base/command.h"

/* Sets the option's variable to the value in text. Returns 1, or 0 with the reason in `why`, a
 * buffer of `size` bytes. */
int value_set(const struct option *option, const char *text, char *why, size_t size);

/* Writes a sentence about the option's bounds or choices, or "" if it has neither. */
void value_limits(const struct option *option, char *text, size_t size);

/* Reads a decimal number that ends at a comma or at the end of the text, and moves *text to that
 * end. Returns 1, or 0 if there is no such number. */
int value_number(const char **text, double *value);

#endif

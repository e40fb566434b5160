/* SPDX-License-Identifier: MIT
 *
 * Converts option values from text, and bounds and choices to text. A number is accepted only if
 * the whole text is a number within the bounds. */
#ifndef CATDOG_VALUES_H
#define CATDOG_VALUES_H

#include <stddef.h>

#include "base/command.h"

/* Sets the option's variable. Returns 1, or 0 with the reason in `why`. */
int value_set(const struct option *option, const char *text, char *why, size_t size);

/* Writes a sentence about the bounds or choices, or "" for an option without. */
void value_limits(const struct option *option, char *text, size_t size);

/* Reads a decimal number that a comma or the end follows. *text moves on to that. Returns 0 if
 * there is none. */
int value_number(const char **text, double *value);

#endif

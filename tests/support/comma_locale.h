/* SPDX-License-Identifier: MIT
 *
 * Sets a locale whose decimal separator is not ".", as a host program may do. */
#ifndef TESTS_COMMA_LOCALE_H
#define TESTS_COMMA_LOCALE_H

#include "support/photo_folder.h"

/* Sets the UTF-8 locale `name`, such as "de_DE" (separator: a comma) or "ps_AF" (separator: a
 * character of two bytes). Compiles it into folder with localedef if it is not installed. If that
 * fails, prints a message and leaves the locale unchanged. */
void comma_locale_enter(const struct photo_folder *folder, const char *name);
/* Restores the C locale. */
void comma_locale_leave(void);

#endif

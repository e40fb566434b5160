/* SPDX-License-Identifier: MIT
 *
 * Locales whose decimal point is not ".", as a host program may use them. */
#ifndef TESTS_COMMA_LOCALE_H
#define TESTS_COMMA_LOCALE_H

#include "support/photo_folder.h"

/* Enters the locale of that name ("de_DE": a comma; "ps_AF": one of two bytes), in UTF-8; makes it
 * in folder with localedef if it is not installed. Without it, says that the test goes on in the C
 * locale. */
void comma_locale_enter(const struct photo_folder *folder, const char *name);
void comma_locale_leave(void);

#endif

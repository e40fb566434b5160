/* SPDX-License-Identifier: MIT
 *
 * Validation of UTF-8, which JSON requires. */
#ifndef CD_CORE_UTF8_H
#define CD_CORE_UTF8_H

/* Returns 1 if text is valid UTF-8 as of RFC 3629: no overlong forms, no surrogates, no code points
 * above U+10FFFF. */
int cd_utf8_valid(const char *text);

#endif

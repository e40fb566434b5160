/* SPDX-License-Identifier: MIT
 *
 * UTF-8: what goes into a JSON text must be valid. */
#ifndef CD_CORE_UTF8_H
#define CD_CORE_UTF8_H

/* 1 if text is valid UTF-8 (RFC 3629: no overlong forms, surrogates, or values above 10FFFF). */
int cd_utf8_valid(const char *text);

#endif

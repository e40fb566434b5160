/* SPDX-License-Identifier: MIT
 *
 * UTF-8, in which every JSON text must be. */
#ifndef CD_CORE_UTF8_H
#define CD_CORE_UTF8_H

/* 1 if text is valid UTF-8 (RFC 3629: no overlong forms, surrogates, or values above 10FFFF). */
int cd_utf8_valid(const char *text);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Small letters for pictures. */
#ifndef CATDOG_SHEET_TEXT_H
#define CATDOG_SHEET_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { SHEET_LINE = 14 }; /* rows that a line takes */

/* Writes as much of text as fits into width pixels, white, from rgb on, a picture whose rows are
 * stride bytes apart. Capitals and small letters look the same; what is no ASCII letter or digit is
 * a dot. */
void sheet_text(uint8_t *rgb, size_t stride, size_t width, const char *text);

#endif

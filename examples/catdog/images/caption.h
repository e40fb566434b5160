/* SPDX-License-Identifier: MIT
 *
 * Draws captions in a small bitmap font. */
#ifndef CATDOG_CAPTION_H
#define CATDOG_CAPTION_H

#include <stddef.h>
#include <stdint.h>

enum { CAPTION_LINE = 14 }; /* height of a line, with its spacing, in pixels */

/* Draws one line of text in white. rgb: the upper left pixel; stride: bytes from row to row; width:
 * the available width in pixels, at which the text is cut off. Letters are drawn as capitals.
 * Characters other than ASCII letters, ASCII digits, '-', '_' and the blank become dots. */
void caption_draw(uint8_t *rgb, size_t stride, size_t width, const char *text);

#endif

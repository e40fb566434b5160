/* SPDX-License-Identifier: MIT
 *
 * Captions in a small font. */
#ifndef CATDOG_CAPTION_H
#define CATDOG_CAPTION_H

#include <stddef.h>
#include <stdint.h>

enum { CAPTION_LINE = 14 }; /* pixels from line to line */

/* Draws text in white. rgb: the upper left pixel; stride: bytes from row to row; width: pixels
 * after which the text is cut off. Letters are drawn as capitals. A character that is no ASCII
 * letter or digit becomes a dot. */
void caption_draw(uint8_t *rgb, size_t stride, size_t width, const char *text);

#endif

/* SPDX-License-Identifier: MIT */
#include "core/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* Decodes the first byte of a character. Returns the number of bytes that must follow it, or -1 if
 * no character begins with it. *value: the bits of the code point that it holds. *least: the
 * smallest code point that needs an encoding of this length. */
static int begin_character(unsigned char first, uint32_t *value, uint32_t *least)
{
    if (first < 0x80) {
        *value = first;
        *least = 0;
        return 0;
    }
    if ((first & 0xe0) == 0xc0) {
        *value = first & 0x1f;
        *least = 0x80;
        return 1;
    }
    if ((first & 0xf0) == 0xe0) {
        *value = first & 0x0f;
        *least = 0x800;
        return 2;
    }
    if ((first & 0xf8) == 0xf0) {
        *value = first & 0x07;
        *least = 0x10000;
        return 3;
    }
    return -1;
}

int cd_utf8_valid(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at) {
        uint32_t value, least;
        int more = begin_character(*at++, &value, &least);
        if (more < 0)
            return 0;
        for (; more > 0; more--, at++) {
            if ((*at & 0xc0) != 0x80) /* also true for the final NUL */
                return 0;
            value = value << 6 | (*at & 0x3f);
        }
        if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
            return 0;
    }
    return 1;
}

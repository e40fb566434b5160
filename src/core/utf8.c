/* SPDX-License-Identifier: MIT */
#include "core/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* Returns how many bytes follow the first byte of a character; -1 if it is no first byte. value:
 * the bits that the first byte holds. least: the smallest value that needs this many bytes. */
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
            if ((*at & 0xc0) != 0x80) /* the final NUL fails here, too */
                return 0;
            value = value << 6 | (*at & 0x3f);
        }
        if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
            return 0;
    }
    return 1;
}

/* SPDX-License-Identifier: MIT */
#include "core/hash.h"

#include <string.h>

#include "core/random.h"

uint64_t cd_hash_number(uint64_t hash, uint64_t number)
{
    return cd_random_mix((hash ^ number) + UINT64_C(0x9e3779b97f4a7c15));
}

/* Reads 8 bytes as a little-endian number. On little-endian machines compilers turn this into one
 * load. */
static uint64_t word(const uint8_t *b)
{
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

uint64_t cd_hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const uint8_t *b = bytes;
    uint8_t tail[8] = {0};
    size_t whole = size / 8 * 8;

    for (size_t i = 0; i < whole; i += 8)
        hash = cd_hash_number(hash, word(b + i));
    if (whole < size)
        memcpy(tail, b + whole, size - whole);
    return cd_hash_number(cd_hash_number(hash, word(tail)), size);
}

uint64_t cd_hash_text(uint64_t hash, const char *text)
{
    return cd_hash_bytes(hash, text, strlen(text));
}

/* SPDX-License-Identifier: MIT
 *
 * A 64-bit hash that tells apart contents by accident (a damaged file, other data), not against an
 * adversary. The same value on every machine. */
#ifndef CD_CORE_HASH_H
#define CD_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Takes size bytes, and that it was so many, into hash, which begins as any number. */
uint64_t cd_hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* A text with its length. */
uint64_t cd_hash_text(uint64_t hash, const char *text);

uint64_t cd_hash_number(uint64_t hash, uint64_t number);

#endif

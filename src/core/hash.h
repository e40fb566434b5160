/* SPDX-License-Identifier: MIT
 *
 * A 64-bit hash to detect accidental differences: a damaged file, other data. An adversary can
 * forge it. The value is the same on every machine. Each function continues a hash, which may begin
 * with any number. */
#ifndef CD_CORE_HASH_H
#define CD_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Adds size bytes and the number size. */
uint64_t cd_hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* Adds a text and its length. */
uint64_t cd_hash_text(uint64_t hash, const char *text);

/* Adds a number. */
uint64_t cd_hash_number(uint64_t hash, uint64_t number);

#endif

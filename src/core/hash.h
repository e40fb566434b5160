/* SPDX-License-Identifier: MIT
 *
 * A 64-bit hash that detects accidental differences, such as a damaged file. It is not
 * cryptographic. Its value is the same on every machine. Each function takes a hash, or any number
 * to begin with, and returns the hash that also covers the function's other arguments. */
#ifndef CD_CORE_HASH_H
#define CD_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Hashes size bytes, then size itself. */
uint64_t cd_hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* Hashes the bytes of a text, then its length. */
uint64_t cd_hash_text(uint64_t hash, const char *text);

/* Hashes a number. */
uint64_t cd_hash_number(uint64_t hash, uint64_t number);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Stateless random numbers: functions of a key and an index, by SplitMix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). A key selects a stream of random
 * numbers, and the index selects a number of the stream. Threads share no state, and training can
 * be resumed from the seed and the counters of epochs and steps. */
#ifndef CD_CORE_RANDOM_H
#define CD_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* The purpose of a stream. Streams of different purposes have different keys. The comments state
 * the arguments a and b of cd_random_key. */
enum cd_stream {
    CD_STREAM_INITIALIZER = 1, /* a = parameter index */
    CD_STREAM_SPLIT = 2,       /* a = class */
    CD_STREAM_SHUFFLE = 3,     /* a = epoch */
    CD_STREAM_DROPOUT = 4,     /* a = node, b = step */
    CD_STREAM_AUGMENT = 5,     /* a = epoch; the result is the seed of a key with a = sample */
    CD_STREAM_MIX = 6          /* seed = an AUGMENT key; a = the first sample of a pair */
};

static inline uint64_t cd_random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Returns the key of a stream. a, b: the numbers that enum cd_stream states; 0 if it states none.
 */
static inline uint64_t cd_random_key(uint64_t seed, enum cd_stream stream, uint64_t a, uint64_t b)
{
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t key = cd_random_mix(seed + golden);
    key = cd_random_mix(key ^ (uint64_t)stream * golden);
    key = cd_random_mix(key + a * golden);
    return cd_random_mix(key ^ (b + 1) * golden);
}

/* Returns number `index` of a stream: 64 uniform random bits. */
static inline uint64_t cd_random_bits(uint64_t key, uint64_t index)
{
    return cd_random_mix(key + (index + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

/* Return number `index` of a stream, uniform in [0, 1), with 53 random bits (float: 24). */
static inline double cd_random_double(uint64_t key, uint64_t index)
{
    return (double)(cd_random_bits(key, index) >> 11) * 0x1p-53;
}

static inline float cd_random_float(uint64_t key, uint64_t index)
{
    /* The cast to int32_t lets compilers vectorise the conversion. */
    return (float)(int32_t)(cd_random_bits(key, index) >> 40) * 0x1p-24f;
}

/* Fills order with a random permutation of 0 .. n-1 by the Fisher-Yates shuffle. */
void cd_random_permutation(uint64_t key, size_t *order, size_t n);

#endif

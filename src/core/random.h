/* SPDX-License-Identifier: MIT
 *
 * Stateless random numbers: functions of a key and an index, by SplitMix64 (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). Any thread can compute any number
 * of any stream, and a resumed training needs only the seed and its counters. */
#ifndef CD_CORE_RANDOM_H
#define CD_CORE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* What a stream is used for. Streams of different purposes never share numbers. */
enum cd_stream {
    CD_STREAM_INITIALIZER = 1, /* a = parameter index */
    CD_STREAM_SPLIT = 2,       /* a = class */
    CD_STREAM_SHUFFLE = 3,     /* a = epoch */
    CD_STREAM_DROPOUT = 4,     /* a = node, b = step */
    CD_STREAM_AUGMENT = 5,     /* a = epoch; then, keyed by that, a = sample */
    CD_STREAM_MIX = 6          /* keyed by AUGMENT, a = the first sample of a pair */
};

static inline uint64_t cd_random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The key of a stream. a, b: the numbers that enum cd_stream states for the purpose, else 0. */
static inline uint64_t cd_random_key(uint64_t seed, enum cd_stream stream, uint64_t a, uint64_t b)
{
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t key = cd_random_mix(seed + golden);
    key = cd_random_mix(key ^ (uint64_t)stream * golden);
    key = cd_random_mix(key + a * golden);
    return cd_random_mix(key ^ (b + 1) * golden);
}

/* Number `index` of a stream, uniform in all 64 bits. */
static inline uint64_t cd_random_bits(uint64_t key, uint64_t index)
{
    return cd_random_mix(key + (index + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

/* Number `index` of a stream, uniform in [0, 1) with 53 bits (float: 24 bits). */
static inline double cd_random_double(uint64_t key, uint64_t index)
{
    return (double)(cd_random_bits(key, index) >> 11) * 0x1p-53;
}

static inline float cd_random_float(uint64_t key, uint64_t index)
{
    /* The cast to int32_t lets compilers vectorise the conversion. */
    return (float)(int32_t)(cd_random_bits(key, index) >> 40) * 0x1p-24f;
}

/* Fills order[] with a random permutation of 0 .. n-1 (Fisher and Yates). All n! permutations are
 * equally likely, up to the bias of 2^-64 of multiply-high draws. */
void cd_random_permutation(uint64_t key, size_t *order, size_t n);

#endif

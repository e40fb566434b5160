/* SPDX-License-Identifier: MIT */
#include "core/random.h"

/* Returns floor(bits * below / 2^64), computed without 128-bit integers. Maps 64 random bits to a
 * number from 0 to below - 1. */
static uint64_t scale(uint64_t bits, uint64_t below)
{
    uint64_t high = bits >> 32, low = bits & 0xffffffff;
    uint64_t below_high = below >> 32, below_low = below & 0xffffffff;
    uint64_t middle = high * below_low + (low * below_low >> 32);
    uint64_t carry = (middle & 0xffffffff) + low * below_high;
    return high * below_high + (middle >> 32) + (carry >> 32);
}

void cd_random_permutation(uint64_t key, size_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)scale(cd_random_bits(key, i), i);
        size_t last = order[i - 1];
        order[i - 1] = order[j];
        order[j] = last;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Conversions after Fabian Giesen, "float->half variants" and "half->float" (2012). */
#include "io/half.h"

#include <math.h>
#include <string.h>

enum {
    FRACTION_BITS = 23 - 10,  /* fraction bits that a float has in addition */
    EXPONENT_BIAS = 127 - 15, /* exponent bias of a float minus exponent bias of a half */
    HALF_INFINITY = 0x7c00,
    HALF_NAN = 0x7e00
};

#define FLOAT_EXPONENT(e) ((uint32_t)(e) << 23)

static inline float to_float(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t to_bits(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Returns value if condition is 1, and 0 if it is 0, without a branch. */
static inline uint32_t only_if(int condition, uint32_t value)
{
    return value & -(uint32_t)condition;
}

/* Returns the bits of the float that equals a half.
 *
 * A subnormal half f * 2^-24 has the fraction bits f. The float with the exponent of 2^-14 and
 * these fraction bits is 2^-14 + f * 2^-24. Subtracting 2^-14 leaves the value, normalised. A
 * normal half only needs another exponent bias; 0 is subtracted, to avoid a branch. No intermediate
 * float is subnormal: subnormal floats are slow, and become 0 if the program flushes them. */
static inline uint32_t half_to_bits(uint16_t half)
{
    const int32_t moved = (int32_t)(half & 0x7fff) << FRACTION_BITS;
    const int subnormal = moved < (int32_t)FLOAT_EXPONENT(1);
    const int special = moved >= (int32_t)FLOAT_EXPONENT(31);
    const uint32_t bits = (uint32_t)moved + FLOAT_EXPONENT(EXPONENT_BIAS) +
                          only_if(subnormal, FLOAT_EXPONENT(1)) +
                          only_if(special, FLOAT_EXPONENT(EXPONENT_BIAS));
    const float surplus = to_float(only_if(subnormal, FLOAT_EXPONENT(EXPONENT_BIAS + 1)));

    return to_bits(to_float(bits) - surplus) | (uint32_t)(half & 0x8000) << 16;
}

void cd_half_to_float(const uint8_t *bytes, size_t n, float *values)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t half;
        memcpy(&half, bytes + i * sizeof half, sizeof half);
        values[i] = to_float(half_to_bits(half));
    }
}

/* Returns the half nearest to the float with these bits.
 *
 * A float below 2^-14 becomes a subnormal half, a multiple of 2^-24. Adding 1/2 rounds the float to
 * such a multiple, because the last fraction bit of the float 1/2 is worth 2^-24. For larger floats
 * an addition to the bits that are cut off rounds the others. Its carry may increase the exponent,
 * which is the correct result. */
static inline uint16_t half_from_bits(uint32_t bits)
{
    const uint32_t size = bits & 0x7fffffff;
    const uint32_t subnormal = to_bits(to_float(size) + 0.5f) - FLOAT_EXPONENT(126);
    const uint32_t odd = size >> FRACTION_BITS & 1;
    const uint32_t normal = (size - FLOAT_EXPONENT(EXPONENT_BIAS) + 0xfff + odd) >> FRACTION_BITS;
    const uint32_t finite = size < FLOAT_EXPONENT(EXPONENT_BIAS + 1) ? subnormal : normal;
    const uint32_t special = size > FLOAT_EXPONENT(255) ? HALF_NAN : HALF_INFINITY;
    const uint32_t half = size < FLOAT_EXPONENT(EXPONENT_BIAS + 31) - 0x1000 ? finite : special;

    return (uint16_t)(half | (bits >> 16 & 0x8000));
}

void cd_half_from_float(const float *values, size_t n, uint16_t *halves)
{
    for (size_t i = 0; i < n; i++)
        halves[i] = half_from_bits(to_bits(values[i]));
}

size_t cd_half_misfit(const float *values, size_t n)
{
    size_t i = 0;

    while (i < n && fabsf(values[i]) < CD_HALF_END)
        i++;
    return i;
}

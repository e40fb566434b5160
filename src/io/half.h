/* SPDX-License-Identifier: MIT
 *
 * Half precision, binary16 of IEEE 754: a sign, 5 exponent bits, 10 fraction bits. The conversions
 * are plain C without branches, so that compilers can vectorise them on any CPU. */
#ifndef CD_IO_HALF_H
#define CD_IO_HALF_H

#include <stddef.h>
#include <stdint.h>

#define CD_HALF_LARGEST 65504.0f /* the largest finite value */
#define CD_HALF_END 65520.0f     /* values from here on round to infinity */

/* Converts n halves, 2 n little-endian bytes of any alignment. The result is exact; infinities and
 * NaN are kept. */
void cd_half_to_float(const uint8_t *bytes, size_t n, float *values);

/* Rounds n floats to the nearest halves, ties to even. Values from CD_HALF_END on become infinite;
 * NaN is kept. */
void cd_half_from_float(const float *values, size_t n, uint16_t *halves);

/* The index of the first value that is NaN or would become infinite; n if there is none. */
size_t cd_half_misfit(const float *values, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Half precision, binary16 of IEEE 754: a sign, 5 exponent bits, 10 fraction bits. The conversions
 * are plain C without branches, so that compilers can vectorise them on any CPU. */
#ifndef CD_IO_HALF_H
#define CD_IO_HALF_H

#include <stddef.h>
#include <stdint.h>

#define CD_HALF_LARGEST 65504.0f /* the largest finite half */
#define CD_HALF_END 65520.0f     /* the smallest float that rounds to infinity */

/* Converts n halves to floats. bytes: 2 * n little-endian bytes, of any alignment. The result is
 * exact; infinities and NaN are kept. */
void cd_half_to_float(const uint8_t *bytes, size_t n, float *values);

/* Rounds n floats to the nearest halves, ties to even. Floats of at least CD_HALF_END in magnitude
 * become infinite; NaN is kept. */
void cd_half_from_float(const float *values, size_t n, uint16_t *halves);

/* Returns the index of the first value that has no finite half: NaN, or at least CD_HALF_END in
 * magnitude. Returns n if there is none. */
size_t cd_half_misfit(const float *values, size_t n);

#endif

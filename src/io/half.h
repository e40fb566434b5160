/* SPDX-License-Identifier: MIT
 *
 * Half precision, IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction. Plain C, without
 * the instructions that some CPUs have for it: loops without branches, which compilers turn into
 * vectors. */
#ifndef CD_IO_HALF_H
#define CD_IO_HALF_H

#include <stddef.h>
#include <stdint.h>

#define CD_HALF_LARGEST 65504.0f /* the largest finite value */
#define CD_HALF_END 65520.0f     /* what is this far from 0, or farther, is nearer to an infinity */

/* n values out of 2 n little-endian bytes of any alignment. Exact; infinities and NaN stay such. */
void cd_half_to_float(const uint8_t *bytes, size_t n, float *values);

/* The nearest halves, of two equally near ones the even; what is beyond the largest by half a step
 * or more (CD_HALF_END) becomes an infinity, NaN a NaN. */
void cd_half_from_float(const float *values, size_t n, uint16_t *halves);

/* The first value that is none or would become an infinity; n if there is none. */
size_t cd_half_misfit(const float *values, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The work of a kernel in numbers, and where it begins. */
#ifndef CD_KERNELS_SIMD_SIZES_H
#define CD_KERNELS_SIMD_SIZES_H

#include "core/size.h"
#include "kernels/simd/vector.h"

enum { CD_LINE = 16 }; /* floats of a cache line */

CD_INLINE size_t cd_smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Vectors for so many channels. */
CD_INLINE size_t cd_vectors(size_t channels)
{
    return cd_divide_up(channels, CD_LANES);
}

/* The first cache line in scratch, which is CD_LINE larger for that: vectors that cross lines take
 * twice as long, and whole lines are written without being read. */
CD_INLINE float *cd_first_line(float *scratch)
{
    const size_t line = CD_LINE * sizeof *scratch;
    return scratch + (line - (uintptr_t)scratch % line) % line / sizeof *scratch;
}

#endif

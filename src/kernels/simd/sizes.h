/* SPDX-License-Identifier: MIT
 *
 * Helpers for sizes in vectors and cache lines. */
#ifndef CD_KERNELS_SIMD_SIZES_H
#define CD_KERNELS_SIMD_SIZES_H

#include "core/size.h"
#include "kernels/simd/vector.h"

enum { CD_LINE = 16 }; /* floats of a cache line */

CD_INLINE size_t cd_smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Returns the number of vectors that `channels` channels fill, rounded up. */
CD_INLINE size_t cd_vectors(size_t channels)
{
    return cd_divide_up(channels, CD_LANES);
}

/* Returns the first address in scratch that begins a cache line. scratch must be CD_LINE floats
 * larger than needed. Aligned data is faster: a vector that crosses a cache line takes twice as
 * long to load, and whole lines are written without being read first. */
CD_INLINE float *cd_first_line(float *scratch)
{
    const size_t line = CD_LINE * sizeof *scratch;
    return scratch + (line - (uintptr_t)scratch % line) % line / sizeof *scratch;
}

#endif

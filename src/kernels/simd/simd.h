/* SPDX-License-Identifier: MIT
 *
 * Declares what this folder defines for the table of a level (table.c). Contracts: kernels.h and
 * conv.h.
 *
 * Words of this folder:
 *   lane       one of the CD_LANES elements of a vector (vector.h)
 *   vector     CD_LANES neighbouring channels of a feature map; the last one may be incomplete
 *   output     one position (row, column) of y, with all its channels
 *   tap        one element of the window: row i, column j, input channel c
 *   line       a row of the window: kw ci floats, contiguous in x
 *   tile       a block of a matrix whose sums stay in registers (tile.h); in winograd.h a small
 *              square of a feature map
 *   panel      CD_TILE_COLUMNS columns of a matrix, packed so that each of their rows is contiguous
 *   depth      the number of products that are summed in each element of a matrix product
 *   chunk      a part of a sum that is computed before it is added to the rest
 *   strip      some consecutive outputs of a row; their data stays in the first-level cache */
#ifndef CD_KERNELS_SIMD_SIMD_H
#define CD_KERNELS_SIMD_SIMD_H

#include "kernels/conv.h"
#include "kernels/level_kernels.h"
#include "kernels/simd/vector.h"

#define CD_SIMD_PEAK(name) cd_##name##_fn CD_LEVEL_NAME(name);
CD_PEAK_LIST(CD_SIMD_PEAK)
#undef CD_SIMD_PEAK

#define CD_SIMD_ALGORITHM(name) extern const struct cd_conv_algorithm CD_LEVEL_NAME(name);
CD_CONV_ALGORITHM_LIST(CD_SIMD_ALGORITHM)
#undef CD_SIMD_ALGORITHM

extern const struct cd_kernels CD_LEVEL_NAME(kernels);

#endif

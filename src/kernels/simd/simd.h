/* SPDX-License-Identifier: MIT
 *
 * The functions of one level, for its table (table.c). What each does is said in kernels.h and
 * conv.h. */
#ifndef CD_KERNELS_SIMD_SIMD_H
#define CD_KERNELS_SIMD_SIMD_H

#include "kernels/conv.h"
#include "kernels/simd/vector.h"

extern const struct cd_kernels CD_LEVEL_NAME(kernels);

#endif

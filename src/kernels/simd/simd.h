/* SPDX-License-Identifier: MIT
 *
 * Declares all that this folder defines for the table of a level (table.c). Contracts: kernels.h
 * and conv.h. */
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

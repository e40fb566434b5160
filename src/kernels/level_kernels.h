/* SPDX-License-Identifier: MIT
 *
 * Declares the kernels of this level, for the files in plain/ and simd/ that define them.
 * Contracts: kernels.h. */
#ifndef CD_KERNELS_LEVEL_KERNELS_H
#define CD_KERNELS_LEVEL_KERNELS_H

#include "kernels/kernels.h"
#include "kernels/level.h"

#define CD_LEVEL_VECTOR(kernel) cd_##kernel##_fn CD_LEVEL_NAME(kernel);
#define CD_LEVEL_PLAIN(kernel)  cd_##kernel##_fn CD_LEVEL_NAME(kernel);
#define CD_LEVEL_IM2COL(kernel) /* defined as static functions in simd/table.c */
#define CD_LEVEL_DECLARE(group, kernel, level, blas) CD_LEVEL_##level(kernel)
CD_KERNEL_LIST(CD_LEVEL_DECLARE)
#undef CD_LEVEL_VECTOR
#undef CD_LEVEL_PLAIN
#undef CD_LEVEL_IM2COL
#undef CD_LEVEL_DECLARE

#endif

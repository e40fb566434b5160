/* SPDX-License-Identifier: MIT
 *
 * The functions of one level, for its table (table.c). What each does is said in kernels.h and
 * conv.h. */
#ifndef CD_KERNELS_SIMD_SIMD_H
#define CD_KERNELS_SIMD_SIMD_H

#include "kernels/conv.h"
#include "kernels/plain/plain.h"
#include "kernels/simd/vector.h"

cd_max_pool_forward_fn CD_LEVEL_NAME(max_pool_forward);
cd_max_pool_backward_fn CD_LEVEL_NAME(max_pool_backward);

extern const struct cd_kernels CD_LEVEL_NAME(kernels);

cd_gemm_fn CD_LEVEL_NAME(gemm);
cd_dense_prepared_fn CD_LEVEL_NAME(dense_prepared);
cd_dense_prepare_fn CD_LEVEL_NAME(dense_prepare);
cd_dense_backward_fn CD_LEVEL_NAME(dense_backward);
cd_adam_fn CD_LEVEL_NAME(adam);
cd_sgd_fn CD_LEVEL_NAME(sgd);

extern const struct cd_conv_algorithm CD_LEVEL_NAME(direct);
extern const struct cd_conv_algorithm CD_LEVEL_NAME(winograd);
extern const struct cd_conv_algorithm CD_LEVEL_NAME(blocked);

cd_multiply_adds_fn CD_LEVEL_NAME(multiply_adds);
cd_read_fn CD_LEVEL_NAME(read);

#endif

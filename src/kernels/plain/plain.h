/* SPDX-License-Identifier: MIT
 *
 * Kernels in plain C that no intrinsics make faster: they wait for memory, or the compiler finds
 * the vectors itself. One definition, compiled once for each level and once as the reference; all
 * copies give the same bits. Contracts: kernels.h. */
#ifndef CD_KERNELS_PLAIN_PLAIN_H
#define CD_KERNELS_PLAIN_PLAIN_H

#include "kernels/kernels.h"
#include "kernels/level.h"

cd_activation_forward_fn CD_LEVEL_NAME(activation_forward);
cd_activation_backward_fn CD_LEVEL_NAME(activation_backward);
cd_average_pool_forward_fn CD_LEVEL_NAME(average_pool_forward);
cd_average_pool_backward_fn CD_LEVEL_NAME(average_pool_backward);
cd_batch_norm_sums_fn CD_LEVEL_NAME(batch_norm_sums);
cd_batch_norm_forward_fn CD_LEVEL_NAME(batch_norm_forward);
cd_batch_norm_backward_sums_fn CD_LEVEL_NAME(batch_norm_backward_sums);
cd_batch_norm_backward_fn CD_LEVEL_NAME(batch_norm_backward);
cd_add_fn CD_LEVEL_NAME(add);
cd_add_activated_fn CD_LEVEL_NAME(add_activated);
cd_dropout_fn CD_LEVEL_NAME(dropout);

#endif

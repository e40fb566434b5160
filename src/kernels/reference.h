/* SPDX-License-Identifier: MIT
 *
 * The plain C kernels: the definition of each, and what runs where nothing better exists.
 * Contracts: kernels.h. */
#ifndef CD_KERNELS_REFERENCE_H
#define CD_KERNELS_REFERENCE_H

#include "kernels/kernels.h"

cd_gemm_fn cd_ref_gemm;
cd_dense_prepared_fn cd_ref_dense_prepared;
cd_dense_prepare_fn cd_ref_dense_prepare;
cd_dense_backward_fn cd_ref_dense_backward;
cd_conv_scratch_fn cd_ref_conv_scratch;
cd_conv_forward_fn cd_ref_conv_forward;
cd_conv_backward_data_fn cd_ref_conv_backward_data;
cd_conv_backward_kernel_fn cd_ref_conv_backward_kernel;
cd_max_pool_forward_fn cd_ref_max_pool_forward;
cd_max_pool_backward_fn cd_ref_max_pool_backward;
cd_average_pool_forward_fn cd_ref_average_pool_forward;
cd_average_pool_backward_fn cd_ref_average_pool_backward;
cd_activation_forward_fn cd_ref_activation_forward;
cd_activation_backward_fn cd_ref_activation_backward;
cd_batch_norm_sums_fn cd_ref_batch_norm_sums;
cd_batch_norm_forward_fn cd_ref_batch_norm_forward;
cd_batch_norm_backward_sums_fn cd_ref_batch_norm_backward_sums;
cd_batch_norm_backward_fn cd_ref_batch_norm_backward;
cd_add_fn cd_ref_add;
cd_add_activated_fn cd_ref_add_activated;
cd_dropout_fn cd_ref_dropout;
cd_adam_fn cd_ref_adam;
cd_sgd_fn cd_ref_sgd;
void cd_ref_nothing(void); /* enter and leave of tables that set nothing process-wide */

/* What a table has until it has better. */
#define CD_REFERENCE_ELEMENTWISE                                 \
    .max_pool_forward = cd_ref_max_pool_forward,                 \
    .max_pool_backward = cd_ref_max_pool_backward,               \
    .average_pool_forward = cd_ref_average_pool_forward,         \
    .average_pool_backward = cd_ref_average_pool_backward,       \
    .activation_forward = cd_ref_activation_forward,             \
    .activation_backward = cd_ref_activation_backward,           \
    .batch_norm_sums = cd_ref_batch_norm_sums,                   \
    .batch_norm_forward = cd_ref_batch_norm_forward,             \
    .batch_norm_backward_sums = cd_ref_batch_norm_backward_sums, \
    .batch_norm_backward = cd_ref_batch_norm_backward,           \
    .add = cd_ref_add,                                           \
    .add_activated = cd_ref_add_activated,                       \
    .dropout = cd_ref_dropout,                                   \
    .adam = cd_ref_adam,                                         \
    .sgd = cd_ref_sgd

#endif

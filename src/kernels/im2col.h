/* SPDX-License-Identifier: MIT
 *
 * Convolution as matrix products (Chellapilla, Puri and Simard, "High performance convolutional
 * neural networks for document processing", 2006): the patches under the window become the rows of
 * a matrix. A few output rows at a time, so that the patches stay in the cache. */
#ifndef CD_KERNELS_IM2COL_H
#define CD_KERNELS_IM2COL_H

#include "kernels/kernels.h"

cd_conv_scratch_fn cd_im2col_conv_scratch;
cd_conv_forward_fn cd_im2col_conv_forward;
cd_conv_backward_data_fn cd_im2col_conv_backward_data;
cd_conv_backward_kernel_fn cd_im2col_conv_backward_kernel;

#endif

/* SPDX-License-Identifier: MIT
 *
 * Draws random convolution shapes for tests of kernels. */
#ifndef TESTS_SUPPORT_RANDOM_CONV_H
#define TESTS_SUPPORT_RANDOM_CONV_H

#include "kernels/kernels.h"

/* Returns a random convolution with up to `channels` input and output channels, a window of up to
 * 5 x 5, strides of up to 3, and padding smaller than the window. */
struct cd_conv draw_conv(size_t channels);

#endif

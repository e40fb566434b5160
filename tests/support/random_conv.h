/* SPDX-License-Identifier: MIT
 *
 * Random convolutions and poolings of one image, for tests of kernels. */
#ifndef TESTS_SUPPORT_RANDOM_CONV_H
#define TESTS_SUPPORT_RANDOM_CONV_H

#include "kernels/kernels.h"

/* Draws a convolution of up to `channels` channels, with a window of up to 5 x 5, any stride up to
 * 3 and any padding. */
struct cd_conv draw_conv(size_t channels);

#endif

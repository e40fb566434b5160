/* SPDX-License-Identifier: MIT */
#include "image/mirror.h"

void cd_mirror(float *x, size_t height, size_t width)
{
    for (size_t row = 0; row < height; row++, x += 3 * width)
        for (size_t left = 0, right = width - 1; left < right; left++, right--)
            for (size_t c = 0; c < 3; c++) {
                const float value = x[3 * left + c];
                x[3 * left + c] = x[3 * right + c];
                x[3 * right + c] = value;
            }
}

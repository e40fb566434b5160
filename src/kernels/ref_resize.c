/* SPDX-License-Identifier: MIT
 *
 * Resizes images with integers: each output byte is a weighted sum of input bytes, rounded. */
#include "kernels/ref_resize.h"

#include "kernels/reference.h"

/* Converts a fixed-point sum to a byte. The sum may slightly exceed 255, because the weights are
 * rounded. */
static uint8_t to_byte(int32_t sum)
{
    const int32_t value = sum >> CD_RESIZE_FRACTION_BITS;
    return value > 255 ? 255 : (uint8_t)value;
}

void cd_ref_resize_pixel(const struct cd_resize_axis *axis, const uint8_t *in, size_t x,
                         uint8_t *out)
{
    const int32_t *weights = axis->weights + x * axis->window;
    const uint8_t *pixel = in + axis->spans[x].first * 3;
    int32_t red = CD_RESIZE_HALF, green = CD_RESIZE_HALF, blue = CD_RESIZE_HALF;

    for (size_t k = 0; k < axis->spans[x].count; k++, pixel += 3) {
        red += pixel[0] * weights[k];
        green += pixel[1] * weights[k];
        blue += pixel[2] * weights[k];
    }
    out[0] = to_byte(red);
    out[1] = to_byte(green);
    out[2] = to_byte(blue);
}

void cd_ref_resize_rows(const struct cd_resize_axis *axis, const uint8_t *const *in, size_t n,
                        uint8_t *const *out)
{
    for (size_t y = 0; y < n; y++)
        for (size_t x = 0; x < axis->m; x++)
            cd_ref_resize_pixel(axis, in[y], x, out[y] + x * 3);
}

/* Keeps the sums of one block of bytes at a time, so that they stay in the first-level cache. */
void cd_ref_resize_column(const struct cd_resize_axis *axis, size_t i, const uint8_t *const *rows,
                          size_t length, uint8_t *out)
{
    enum { BLOCK = 256 };
    const int32_t *weights = axis->weights + i * axis->window;

    for (size_t from = 0; from < length; from += BLOCK) {
        const size_t count = length - from < BLOCK ? length - from : BLOCK;
        int32_t sums[BLOCK];
        for (size_t j = 0; j < count; j++)
            sums[j] = CD_RESIZE_HALF;
        for (size_t k = 0; k < axis->spans[i].count; k++) {
            const uint8_t *in = rows[k] + from;
            const int32_t weight = weights[k];
            for (size_t j = 0; j < count; j++)
                sums[j] += in[j] * weight;
        }
        for (size_t j = 0; j < count; j++)
            out[from + j] = to_byte(sums[j]);
    }
}

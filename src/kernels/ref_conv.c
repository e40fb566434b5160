/* SPDX-License-Identifier: MIT
 *
 * Convolution by its definition. As in all deep-learning frameworks, it is a cross-correlation:
 *   y[r][q][o] = bias[o] + sum over i, j, c of x[r sh + i - top][q sw + j - left][c] k[i][j][c][o]
 * where k is the kernel, sh and sw are the strides, and x is 0 outside the feature map. Goodfellow,
 * Bengio and Courville 2016, chapter 9. */
#include <string.h>

#include "kernels/reference.h"

size_t cd_ref_conv_scratch(const struct cd_conv *conv)
{
    (void)conv;
    return 0;
}

/* Returns the input row (or column) at element i of the window of output row (or column) r, or
 * SIZE_MAX if it lies outside the feature map. */
static size_t under(size_t r, size_t stride, size_t i, size_t before, size_t size)
{
    const size_t place = r * stride + i;
    return place >= before && place - before < size ? place - before : SIZE_MAX;
}

/* Runs `body` for each element of the window of output (r, q) that lies inside the feature map. In
 * `body`, xi is the index of the input's first channel and ki the index of the kernel's first
 * weight. */
#define FOR_WINDOW(conv, r, q, body)                                                               \
    for (size_t i = 0; i < (conv)->window.kh; i++) {                                               \
        const size_t row = under(r, (conv)->window.sh, i, (conv)->window.top, (conv)->h);          \
        for (size_t j = 0; row != SIZE_MAX && j < (conv)->window.kw; j++) {                        \
            const size_t column = under(q, (conv)->window.sw, j, (conv)->window.left, (conv)->w);  \
            if (column == SIZE_MAX)                                                                \
                continue;                                                                          \
            const size_t xi = (row * (conv)->w + column) * (conv)->ci;                             \
            const size_t ki = (i * (conv)->window.kw + j) * (conv)->ci * (conv)->co;               \
            body                                                                                   \
        }                                                                                          \
    }

void cd_ref_conv_forward(const struct cd_conv *conv, struct cd_activation activation,
                         const float *x, const float *kernel, const float *bias, size_t first,
                         size_t last, float *y, float *scratch)
{
    const size_t ci = conv->ci, co = conv->co;

    (void)scratch;
    for (size_t r = first; r < last; r++)
        for (size_t q = 0; q < conv->ow; q++) {
            float *out = y + ((r - first) * conv->ow + q) * co;
            memset(out, 0, co * sizeof *out);
            FOR_WINDOW(conv, r, q, {
                for (size_t c = 0; c < ci; c++)
                    for (size_t o = 0; o < co; o++)
                        out[o] += x[xi + c] * kernel[ki + c * co + o];
            })
        }
    cd_ref_activation_forward(activation, (last - first) * conv->ow, co, bias, y, y);
}

void cd_ref_conv_backward_data(const struct cd_conv *conv, const float *dy, const float *kernel,
                               float *dx, float *scratch)
{
    const size_t ci = conv->ci, co = conv->co;

    (void)scratch;
    memset(dx, 0, conv->h * conv->w * ci * sizeof *dx);
    for (size_t r = 0; r < conv->oh; r++)
        for (size_t q = 0; q < conv->ow; q++) {
            const float *in = dy + (r * conv->ow + q) * co;
            FOR_WINDOW(conv, r, q, {
                for (size_t c = 0; c < ci; c++) {
                    float sum = 0.0f;
                    for (size_t o = 0; o < co; o++)
                        sum += in[o] * kernel[ki + c * co + o];
                    dx[xi + c] += sum;
                }
            })
        }
}

void cd_ref_conv_backward_kernel(const struct cd_conv *conv, const float *x, const float *dy,
                                 float *dkernel, float *dbias, float *scratch)
{
    const size_t ci = conv->ci, co = conv->co;

    (void)scratch;
    for (size_t r = 0; r < conv->oh; r++)
        for (size_t q = 0; q < conv->ow; q++) {
            const float *in = dy + (r * conv->ow + q) * co;
            FOR_WINDOW(conv, r, q, {
                for (size_t c = 0; c < ci; c++)
                    for (size_t o = 0; o < co; o++)
                        dkernel[ki + c * co + o] += x[xi + c] * in[o];
            })
            if (dbias)
                for (size_t o = 0; o < co; o++)
                    dbias[o] += in[o];
        }
}

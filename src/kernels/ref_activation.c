/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "kernels/reference.h"

/* exp never overflows on either branch. */
static float sigmoid(float x)
{
    const float e = expf(-fabsf(x));
    return x < 0.0f ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/* exp(x - max) / sum, so that no exponential overflows. y may be x. */
static void softmax(size_t c, const float *x, float *y)
{
    float largest = x[0], sum = 0.0f;
    for (size_t k = 1; k < c; k++)
        largest = x[k] > largest ? x[k] : largest;
    for (size_t k = 0; k < c; k++) {
        y[k] = expf(x[k] - largest);
        sum += y[k];
    }
    for (size_t k = 0; k < c; k++)
        y[k] /= sum;
}

/* Written as x < 0 ? ... : x so that NaN stays NaN. */
static void activate(struct cd_activation activation, size_t n, float *y)
{
    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        for (size_t k = 0; k < n; k++)
            y[k] = y[k] < 0.0f ? 0.0f : y[k];
        break;
    case CNN_ACTIVATION_LEAKY_RELU:
        for (size_t k = 0; k < n; k++)
            y[k] = y[k] < 0.0f ? activation.alpha * y[k] : y[k];
        break;
    case CNN_ACTIVATION_SIGMOID:
        for (size_t k = 0; k < n; k++)
            y[k] = sigmoid(y[k]);
        break;
    case CNN_ACTIVATION_SOFTMAX:
        softmax(n, y, y);
        break;
    case CNN_ACTIVATION_NONE:
        break;
    }
}

void cd_ref_activation_forward(struct cd_activation activation, size_t rows, size_t c,
                               const float *bias, const float *x, float *y)
{
    for (size_t r = 0; r < rows; r++) {
        const float *in = x + r * c;
        float *out = y + r * c;
        if (bias) {
            CD_INDEPENDENT
            for (size_t k = 0; k < c; k++)
                out[k] = in[k] + bias[k];
        } else if (out != in) {
            memcpy(out, in, c * sizeof *out);
        }
        activate(activation, c, out);
    }
}

static void softmax_backward(size_t c, const float *y, const float *dy, float *dx)
{
    float dot = 0.0f;
    for (size_t k = 0; k < c; k++)
        dot += y[k] * dy[k];
    for (size_t k = 0; k < c; k++)
        dx[k] = y[k] * (dy[k] - dot);
}

void cd_ref_activation_backward(struct cd_activation activation, size_t rows, size_t c,
                                const float *y, const float *dy, float *dx)
{
    const size_t n = rows * c;

    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        CD_INDEPENDENT
        for (size_t k = 0; k < n; k++)
            dx[k] = y[k] > 0.0f ? dy[k] : 0.0f;
        break;
    case CNN_ACTIVATION_LEAKY_RELU:
        CD_INDEPENDENT
        for (size_t k = 0; k < n; k++)
            dx[k] = y[k] > 0.0f ? dy[k] : activation.alpha * dy[k];
        break;
    case CNN_ACTIVATION_SIGMOID:
        CD_INDEPENDENT
        for (size_t k = 0; k < n; k++)
            dx[k] = dy[k] * y[k] * (1.0f - y[k]);
        break;
    case CNN_ACTIVATION_SOFTMAX:
        for (size_t r = 0; r < rows; r++)
            softmax_backward(c, y + r * c, dy + r * c, dx + r * c);
        break;
    case CNN_ACTIVATION_NONE:
        for (size_t k = 0; dx != dy && k < n; k++)
            dx[k] = dy[k];
        break;
    }
}

/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "kernels/plain/activate.h"
#include "kernels/level_kernels.h"

/* Computes the softmax of c elements in place. The maximum is subtracted first, so that no
 * exponential overflows. */
static void softmax(size_t c, float *y)
{
    float largest = y[0], sum = 0.0f;
    for (size_t k = 1; k < c; k++)
        largest = y[k] > largest ? y[k] : largest;
    for (size_t k = 0; k < c; k++) {
        y[k] = expf(y[k] - largest);
        sum += y[k];
    }
    for (size_t k = 0; k < c; k++)
        y[k] /= sum;
}

/* Applies an activation to all rows. `kind` must be a constant, so that the loops contain no
 * branch. */
CD_INLINE void activate_rows(cnn_activation_t kind, float alpha, size_t rows, size_t c,
                             const float *bias, const float *x, float *y)
{
    if (!bias) {
        CD_INDEPENDENT
        for (size_t k = 0; k < rows * c; k++)
            y[k] = cd_activate(kind, alpha, x[k]);
        return;
    }
    for (size_t r = 0; r < rows; r++) {
        CD_INDEPENDENT
        for (size_t k = 0; k < c; k++)
            y[r * c + k] = cd_activate(kind, alpha, x[r * c + k] + bias[k]);
    }
}

void CD_LEVEL_NAME(activation_forward)(struct cd_activation activation, size_t rows, size_t c,
                                       const float *bias, const float *x, float *y)
{
    const float alpha = activation.alpha;

    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        activate_rows(CNN_ACTIVATION_RELU, alpha, rows, c, bias, x, y);
        break;
    case CNN_ACTIVATION_LEAKY_RELU:
        activate_rows(CNN_ACTIVATION_LEAKY_RELU, alpha, rows, c, bias, x, y);
        break;
    case CNN_ACTIVATION_SIGMOID:
        activate_rows(CNN_ACTIVATION_SIGMOID, alpha, rows, c, bias, x, y);
        break;
    case CNN_ACTIVATION_SOFTMAX:
        activate_rows(CNN_ACTIVATION_NONE, alpha, rows, c, bias, x, y);
        for (size_t r = 0; r < rows; r++)
            softmax(c, y + r * c);
        break;
    case CNN_ACTIVATION_NONE:
        if (bias || x != y)
            activate_rows(CNN_ACTIVATION_NONE, alpha, rows, c, bias, x, y);
        break;
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

void CD_LEVEL_NAME(activation_backward)(struct cd_activation activation, size_t rows, size_t c,
                                const float *y, const float *dy, float *dx)
{
    const size_t n = rows * c;

    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        CD_INDEPENDENT
        for (size_t k = 0; k < n; k++) {
            const float d = dy[k]; /* reading dy in both cases avoids a branch */
            dx[k] = y[k] > 0.0f ? d : 0.0f;
        }
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

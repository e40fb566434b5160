/* SPDX-License-Identifier: MIT */
#include "core/random.h"
#include "kernels/plain/activate.h"
#include "kernels/level_kernels.h"

void CD_LEVEL_NAME(add)(size_t n, const float *a, const float *b, float *y)
{
    CD_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = a[i] + b[i];
}

CD_INLINE void add_values(cnn_activation_t kind, float alpha, size_t n, const float *a,
                          const float *b, float *y)
{
    CD_INDEPENDENT
    for (size_t i = 0; i < n; i++)
        y[i] = cd_activate(kind, alpha, a[i] + b[i]);
}

void CD_LEVEL_NAME(add_activated)(struct cd_activation activation, size_t n, const float *a,
                                  const float *b, float *y)
{
    const float alpha = activation.alpha;

    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        add_values(CNN_ACTIVATION_RELU, alpha, n, a, b, y);
        break;
    case CNN_ACTIVATION_LEAKY_RELU:
        add_values(CNN_ACTIVATION_LEAKY_RELU, alpha, n, a, b, y);
        break;
    case CNN_ACTIVATION_SIGMOID:
        add_values(CNN_ACTIVATION_SIGMOID, alpha, n, a, b, y);
        break;
    default:
        add_values(CNN_ACTIVATION_NONE, alpha, n, a, b, y);
        break;
    }
}

void CD_LEVEL_NAME(dropout)(size_t n, uint64_t key, uint64_t first, float rate, const float *x,
                            float *y)
{
    const float scale = 1.0f / (1.0f - rate);
    CD_INDEPENDENT
    for (size_t i = 0; i < n; i++) {
        const float kept = x[i] * scale;
        y[i] = cd_random_float(key, first + i) < rate ? 0.0f : kept;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Activation functions of one element, for the loops in this folder. */
#ifndef CD_KERNELS_PLAIN_ACTIVATE_H
#define CD_KERNELS_PLAIN_ACTIVATE_H

#include <math.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

/* Returns the sigmoid of x. The argument of expf() is never positive, so the result cannot
 * overflow. */
CD_INLINE float cd_sigmoid(float x)
{
    const float e = expf(-fabsf(x));
    return x < 0.0f ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/* Returns the activation of v. If v is NaN, every comparison is false and NaN is returned. */
CD_INLINE float cd_activate(cnn_activation_t kind, float alpha, float v)
{
    switch (kind) {
    case CNN_ACTIVATION_RELU:
        return v < 0.0f ? 0.0f : v;
    case CNN_ACTIVATION_LEAKY_RELU:
        return v < 0.0f ? alpha * v : v;
    case CNN_ACTIVATION_SIGMOID:
        return cd_sigmoid(v);
    default:
        return v;
    }
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Element-wise activations, for the loops in this folder. */
#ifndef CD_KERNELS_PLAIN_ACTIVATE_H
#define CD_KERNELS_PLAIN_ACTIVATE_H

#include <math.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

/* The argument of exp is never positive, so exp cannot overflow. */
CD_INLINE float cd_sigmoid(float x)
{
    const float e = expf(-fabsf(x));
    return x < 0.0f ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/* The comparisons are written so that NaN stays NaN. */
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

/* SPDX-License-Identifier: MIT
 *
 * Activations that work element by element, for the loops of this folder. */
#ifndef CD_KERNELS_PLAIN_ACTIVATE_H
#define CD_KERNELS_PLAIN_ACTIVATE_H

#include <math.h>

#include "kernels/kernels.h"
#include "kernels/level.h"

/* exp never overflows on either branch. */
CD_INLINE float cd_sigmoid(float x)
{
    const float e = expf(-fabsf(x));
    return x < 0.0f ? e / (1.0f + e) : 1.0f / (1.0f + e);
}

/* Written as v < 0 ? ... : v so that NaN stays NaN. */
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

/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "kernels/reference.h"

void cd_ref_adam(const struct cd_adam *adam, size_t n, const float *restrict g, float *restrict w,
                 float *restrict m, float *restrict v)
{
    const float beta1 = adam->beta1, rest1 = 1.0f - adam->beta1;
    const float beta2 = adam->beta2, rest2 = 1.0f - adam->beta2;
    const float rate = adam->rate / adam->correction1;
    const float scale = 1.0f / sqrtf(adam->correction2);
    const float epsilon = adam->epsilon, keep = 1.0f - adam->decay;

    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
        w[i] = keep * w[i] - rate * m[i] / (sqrtf(v[i]) * scale + epsilon);
    }
}

void cd_ref_sgd(float rate, float momentum, float decay, size_t n, const float *restrict g,
                float *restrict w, float *restrict v)
{
    for (size_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] - rate * g[i];
        w[i] = w[i] - decay * w[i] + v[i];
    }
}

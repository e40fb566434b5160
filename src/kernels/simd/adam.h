/* SPDX-License-Identifier: MIT
 *
 * A step of Adam on vectors. All kernels call cd_adam_update(), so the updated weights have the
 * same bits whichever kernel computes them. IEEE 754 defines the rounding of square root and
 * division. */
#ifndef CD_KERNELS_SIMD_ADAM_H
#define CD_KERNELS_SIMD_ADAM_H

#include "kernels/kernels.h"
#include "kernels/simd/vector.h"

/* The constants of the update, which is rearranged so that square root and division are needed only
 * once for each weight (c1 and c2 are the corrections of struct cd_adam):
 *   rate (m / c1) / (sqrt(v / c2) + epsilon)
 *     = (rate / c1) m / (sqrt(v) (1 / sqrt(c2)) + epsilon) */
struct cd_adam_factors {
    float beta1, rest1, beta2, rest2, rate, scale, epsilon, keep;
};

CD_INLINE struct cd_adam_factors cd_adam_factors(const struct cd_adam *adam)
{
    return (struct cd_adam_factors){.beta1 = adam->beta1,
                                    .rest1 = 1.0f - adam->beta1,
                                    .beta2 = adam->beta2,
                                    .rest2 = 1.0f - adam->beta2,
                                    .rate = adam->rate / adam->correction1,
                                    .scale = 1.0f / sqrtf(adam->correction2),
                                    .epsilon = adam->epsilon,
                                    .keep = 1.0f - adam->decay};
}

CD_INLINE void cd_adam_update(const struct cd_adam_factors *f, cd_vf g, cd_vf *w, cd_vf *m,
                              cd_vf *v)
{
    *m = cd_vf_fma(cd_vf_all(f->beta1), *m, cd_vf_all(f->rest1) * g);
    *v = cd_vf_fma(cd_vf_all(f->beta2), *v, cd_vf_all(f->rest2) * g * g);
    *w = cd_vf_fma(cd_vf_all(f->keep), *w,
                   -(cd_vf_all(f->rate) * *m /
                     cd_vf_fma(cd_vf_sqrt(*v), cd_vf_all(f->scale), cd_vf_all(f->epsilon))));
}

/* Updates one vector of weights in memory. */
CD_INLINE void cd_adam_update_at(const struct cd_adam_factors *f, cd_vf g, float *w, float *m,
                               float *v)
{
    cd_vf wide_w = cd_vf_load(w), wide_m = cd_vf_load(m), wide_v = cd_vf_load(v);

    cd_adam_update(f, g, &wide_w, &wide_m, &wide_v);
    cd_vf_store(w, wide_w);
    cd_vf_store(m, wide_m);
    cd_vf_store(v, wide_v);
}

/* Updates n weights in memory, n < CD_LANES. */
CD_INLINE void cd_adam_update_n(const struct cd_adam_factors *f, cd_vf g, float *w, float *m,
                              float *v, size_t n)
{
    cd_vf wide_w = cd_vf_load_n(w, n), wide_m = cd_vf_load_n(m, n), wide_v = cd_vf_load_n(v, n);

    cd_adam_update(f, g, &wide_w, &wide_m, &wide_v);
    cd_vf_store_n(w, wide_w, n);
    cd_vf_store_n(m, wide_m, n);
    cd_vf_store_n(v, wide_v, n);
}

#endif

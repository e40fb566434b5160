/* SPDX-License-Identifier: MIT
 *
 * The optimizers Adam and SGD, applied to arrays of weights. */
#include "kernels/simd/adam.h"
#include "kernels/simd/simd.h"

void CD_LEVEL_NAME(adam)(const struct cd_adam *adam, size_t n, const float *g, float *w, float *m,
                         float *v)
{
    const struct cd_adam_factors factors = cd_adam_factors(adam);
    size_t i = 0;

    for (; i + CD_LANES <= n; i += CD_LANES)
        cd_adam_update_at(&factors, cd_vf_load(g + i), w + i, m + i, v + i);
    if (i < n)
        cd_adam_update_n(&factors, cd_vf_load_n(g + i, n - i), w + i, m + i, v + i, n - i);
}

/* Computes v = momentum v - rate g, then w = keep w + v. */
CD_INLINE void sgd_update(cd_vf rate, cd_vf momentum, cd_vf keep, cd_vf g, cd_vf *w, cd_vf *v)
{
    *v = momentum * *v - rate * g;
    *w = cd_vf_fma(keep, *w, *v);
}

void CD_LEVEL_NAME(sgd)(float rate, float momentum, float decay, size_t n, const float *g, float *w,
                        float *v)
{
    const cd_vf rates = cd_vf_all(rate), momenta = cd_vf_all(momentum);
    const cd_vf keep = cd_vf_all(1.0f - decay);
    size_t i = 0;

    for (; i + CD_LANES <= n; i += CD_LANES) {
        cd_vf wide_w = cd_vf_load(w + i), wide_v = cd_vf_load(v + i);
        sgd_update(rates, momenta, keep, cd_vf_load(g + i), &wide_w, &wide_v);
        cd_vf_store(w + i, wide_w);
        cd_vf_store(v + i, wide_v);
    }
    if (i < n) {
        cd_vf wide_w = cd_vf_load_n(w + i, n - i), wide_v = cd_vf_load_n(v + i, n - i);
        sgd_update(rates, momenta, keep, cd_vf_load_n(g + i, n - i), &wide_w, &wide_v);
        cd_vf_store_n(w + i, wide_w, n - i);
        cd_vf_store_n(v + i, wide_v, n - i);
    }
}

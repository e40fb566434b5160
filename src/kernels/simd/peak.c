/* SPDX-License-Identifier: MIT
 *
 * Measures the peak of a CPU core: multiply-adds on registers, and reads from memory. */
#include "kernels/simd/simd.h"

/* Number of independent chains of multiply-adds. It is large enough to hide the latency (two units
 * with a latency of 4 cycles need 8 chains) and small enough for 16 registers. */
enum { CHAINS = 10 };

double CD_LEVEL_NAME(multiply_adds)(size_t rounds, float *result)
{
    const cd_vf a = cd_vf_all(0.75f), b = cd_vf_all(0.125f); /* each chain converges to 1/2 */
    cd_vf chains[CHAINS], sum = cd_vf_zero();

    for (size_t i = 0; i < CHAINS; i++)
        chains[i] = cd_vf_all((float)(i + 1));
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < CHAINS; i++)
            chains[i] = cd_vf_fma(chains[i], a, b);
    for (size_t i = 0; i < CHAINS; i++)
        sum += chains[i];
    *result = sum[0];
    return (double)rounds * CHAINS * CD_LANES;
}

float CD_LEVEL_NAME(read)(size_t n, const float *x)
{
    enum { VECTORS = 8, AHEAD = 512 };
    cd_vf sums[VECTORS] = {{0}};

    for (size_t i = 0; i + VECTORS * CD_LANES <= n; i += VECTORS * CD_LANES)
        for (size_t k = 0; k < VECTORS; k++) {
            cd_prefetch((const char *)(x + i + k * CD_LANES) + AHEAD * sizeof *x);
            sums[k] += cd_vf_load(x + i + k * CD_LANES);
        }
    for (size_t k = 1; k < VECTORS; k++)
        sums[0] += sums[k];
    return sums[0][0];
}

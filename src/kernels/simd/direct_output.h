/* SPDX-License-Identifier: MIT
 *
 * The output of the algorithm "direct": activation, pooling and the winner of each pooling window,
 * computed in registers. */
#ifndef CD_KERNELS_SIMD_DIRECT_OUTPUT_H
#define CD_KERNELS_SIMD_DIRECT_OUTPUT_H

#include "kernels/simd/direct.h"

enum { DIRECT_DEAD = 4 }; /* value in `kept` where ReLU passes no gradient */

/* Returns the maximum of four vectors, as the reference does: NaN counts as larger than every
 * number. *index receives the number of the winner. */
CD_INLINE cd_vf direct_pool_careful(const cd_vf *a, cd_vi *index)
{
    cd_vf best = a[0];
    *index = cd_vi_all(0);
    CD_UNROLL
    for (int i = 1; i < 4; i++) {
        const cd_vm greater = cd_vf_greater(a[i], best), nan = cd_vf_is_nan(a[i]);
        best = cd_vf_select(greater, a[i], cd_vf_select(nan, a[i], best));
        *index = cd_vi_select(greater, cd_vi_all(i), cd_vi_select(nan, cd_vi_all(i), *index));
    }
    return best;
}

/* Returns the maximum of four vectors that contain no NaN. *index receives the number of the
 * winner, the first one if several are equal. */
CD_INLINE cd_vf direct_pool_numbers(const cd_vf *a, cd_vi *index)
{
    const cd_vf upper = cd_vf_max(a[0], a[1]), lower = cd_vf_max(a[2], a[3]);
    const cd_vi in_upper = cd_vi_select(cd_vf_greater(a[1], a[0]), cd_vi_all(1), cd_vi_all(0));
    const cd_vi in_lower = cd_vi_select(cd_vf_greater(a[3], a[2]), cd_vi_all(3), cd_vi_all(2));
    *index = cd_vi_select(cd_vf_greater(lower, upper), in_lower, in_upper);
    return cd_vf_max(upper, lower);
}

/* Pools a 2 x 2 square of the convolution (row-major) and stores the vector of y at (row, column)
 * that begins with channel o. */
CD_INLINE void direct_pooled(const struct direct_output *out, size_t row, size_t column, size_t o,
                             const cd_vf *square)
{
    const size_t at = (row * out->columns + column) * out->co + o, lanes = out->co - o;
    cd_vi index;
    cd_vf y = out->careful ? direct_pool_careful(square, &index)
                           : direct_pool_numbers(square, &index);

    if (out->relu) {
        index = cd_vi_select(cd_vf_greater(y, cd_vf_zero()), index, cd_vi_all(DIRECT_DEAD));
        y = cd_vf_relu(y);
    }
    cd_vf_store_some(out->y + at, y, lanes);
    if (out->kept)
        cd_vi_store_bytes_some(out->kept + at, index, lanes);
}

CD_INLINE void direct_plain(const struct direct_output *out, size_t row, size_t column, size_t o,
                            cd_vf value)
{
    const size_t at = (row * out->columns + column) * out->co + o;
    cd_vf_store_some(out->y + at, out->relu ? cd_vf_relu(value) : value, out->co - o);
}

#endif

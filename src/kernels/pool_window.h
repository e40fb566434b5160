/* SPDX-License-Identifier: MIT */
#ifndef CD_KERNELS_POOL_WINDOW_H
#define CD_KERNELS_POOL_WINDOW_H

#include "kernels/kernels.h"

/* The part of a pooling window that lies inside the feature map: rows r0 .. r1-1, columns q0 ..
 * q1-1. */
struct cd_pool_window {
    size_t r0, r1, q0, q1;
};

static inline size_t cd_pool_low(size_t start, size_t before)
{
    return start > before ? start - before : 0;
}

static inline size_t cd_pool_high(size_t start, size_t size, size_t before, size_t limit)
{
    const size_t end = start + size - before; /* not negative: padding is smaller than the window */
    return end < limit ? end : limit;
}

/* Returns the window of output row r and column q. */
static inline struct cd_pool_window cd_pool_window_at(const struct cd_conv *pool, size_t r,
                                                      size_t q)
{
    const struct cd_window *w = &pool->window;
    return (struct cd_pool_window){
        .r0 = cd_pool_low(r * w->sh, w->top),
        .r1 = cd_pool_high(r * w->sh, w->kh, w->top, pool->h),
        .q0 = cd_pool_low(q * w->sw, w->left),
        .q1 = cd_pool_high(q * w->sw, w->kw, w->left, pool->w),
    };
}

static inline size_t cd_pool_window_size(struct cd_pool_window window)
{
    return (window.r1 - window.r0) * (window.q1 - window.q0);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Saturating arithmetic on sizes. A product or sum that overflows becomes SIZE_MAX. An allocation
 * of SIZE_MAX bytes always fails, so callers need to check the allocation only. */
#ifndef CD_CORE_SIZE_H
#define CD_CORE_SIZE_H

#include <stddef.h>
#include <stdint.h>

/* Returns a * b, or SIZE_MAX on overflow. */
static inline size_t cd_product(size_t a, size_t b)
{
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

/* Returns a + b, or SIZE_MAX on overflow. */
static inline size_t cd_sum(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

/* Returns n / divisor, rounded up. divisor > 0. */
static inline size_t cd_divide_up(size_t n, size_t divisor)
{
    return n / divisor + (n % divisor != 0);
}

/* Returns n rounded up to a multiple of `multiple` (> 0), or SIZE_MAX on overflow. */
static inline size_t cd_round_up(size_t n, size_t multiple)
{
    return cd_product(cd_divide_up(n, multiple), multiple);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on sizes. Products and sums that do not fit become SIZE_MAX, which no allocation
 * grants, so that only the allocation has to be checked. */
#ifndef CD_CORE_SIZE_H
#define CD_CORE_SIZE_H

#include <stddef.h>
#include <stdint.h>

/* a * b, or SIZE_MAX if that is too large. */
static inline size_t cd_product(size_t a, size_t b)
{
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

/* a + b, or SIZE_MAX if that is too large. */
static inline size_t cd_sum(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

/* n / divisor, rounded up. divisor > 0. */
static inline size_t cd_divide_up(size_t n, size_t divisor)
{
    return n / divisor + (n % divisor != 0);
}

/* n rounded up to a whole multiple of `multiple` (> 0), or SIZE_MAX if that is too large. */
static inline size_t cd_round_up(size_t n, size_t multiple)
{
    return cd_product(cd_divide_up(n, multiple), multiple);
}

#endif

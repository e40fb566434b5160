/* SPDX-License-Identifier: MIT
 *
 * The weights of a resize along one direction, horizontal or vertical, which the kernels
 * resize_rows and resize_column apply. image/resize_weights.h computes them. */
#ifndef CD_KERNELS_RESIZE_AXIS_H
#define CD_KERNELS_RESIZE_AXIS_H

#include <stddef.h>
#include <stdint.h>

/* Weights are fixed-point numbers of at most 1. Of 32 bits, 8 are for the sample, 2 are headroom,
 * and the rest is the fraction. HALF is 1/2, for rounding. */
enum { CD_RESIZE_FRACTION_BITS = 32 - 8 - 2, CD_RESIZE_HALF = 1 << (CD_RESIZE_FRACTION_BITS - 1) };

/* The source samples first .. first+count-1 that one target sample is computed from. */
struct cd_resize_span {
    size_t first, count;
};

enum { CD_RESIZE_GROUP = 4, CD_RESIZE_LOW_BITS = 11 };

/* Resizes n source samples to m target samples. A sample is a pixel (horizontal) or a row
 * (vertical). From one target sample to the next, spans[i].first and spans[i].first +
 * spans[i].count never decrease.
 *
 * The weights of target sample i begin at weights + i * window, in fixed point.
 *
 * halves holds the same weights for vector instructions that multiply 16-bit integers. Each weight
 * is split into two halves: the bits from CD_RESIZE_LOW_BITS up (high) and the bits below (low).
 * Halves are stored in groups of four weights; the last group is padded with zeros:
 *
 *   high w0 w1 w2 w3, low w0 w1 w2 w3, high w4 w5 w6 w7, low w4 w5 w6 w7, ...
 *
 * The halves of target sample i begin at halves + i * halves_size. */
struct cd_resize_axis {
    size_t n, m;
    /* largest count of all spans; weights has this many elements for each target sample */
    size_t window;
    struct cd_resize_span *spans;
    int32_t *weights;
    size_t halves_size;
    int16_t *halves;
};

#endif

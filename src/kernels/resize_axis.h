/* SPDX-License-Identifier: MIT
 *
 * The weights that the kernels resize_rows and resize_column apply along one direction of an image,
 * horizontal or vertical. image/resize_weights.h computes them. */
#ifndef CD_KERNELS_RESIZE_AXIS_H
#define CD_KERNELS_RESIZE_AXIS_H

#include <stddef.h>
#include <stdint.h>

/* Fixed point: 8 bits of sample, 2 of headroom, the rest for the fraction. A weight is at most
 * 1. */
enum { CD_RESIZE_FRACTION_BITS = 32 - 8 - 2, CD_RESIZE_HALF = 1 << (CD_RESIZE_FRACTION_BITS - 1) };

/* Source samples first .. first+count-1 make one target sample. */
struct cd_resize_span {
    size_t first, count;
};

enum { CD_RESIZE_GROUP = 4, CD_RESIZE_LOW_BITS = 11 };

/* n source samples become m target samples. Target samples are in the order of the source: first
 * and first + count never decrease.
 *
 * The weights of target sample i begin at weights + i * window, in fixed point.
 *
 * halves holds the same weights for vector instructions that multiply 16-bit integers. Each weight
 * is split into its bits from LOW_BITS up ("high") and the bits below ("low"), in groups of four
 * weights, the last group padded with zeros:
 *
 *   high w0 w1 w2 w3, low w0 w1 w2 w3, high w4 w5 w6 w7, low w4 w5 w6 w7, ...
 *
 * The halves of target sample i begin at halves + i * halves_size. */
struct cd_resize_axis {
    size_t n, m;
    size_t window; /* the largest count of a span: room for the weights of one target sample */
    struct cd_resize_span *spans;
    int32_t *weights;
    size_t halves_size;
    int16_t *halves;
};

#endif

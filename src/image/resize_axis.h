/* SPDX-License-Identifier: MIT
 *
 * What one direction of the resize adds up: for each target sample the source samples and their
 * weights.
 *
 * With scale = (to - from) / m, target sample i is centred at from + (i + 0.5) * scale in the
 * source and is the mean of the source samples around it, weighted by a triangle that reaches
 * max(scale, 1) to either side. Weights are computed in double precision, normalised to the sum 1
 * and rounded to fixed point. Double precision and the order of operations are part of the
 * definition: with them the pixels are those of Pillow (up to version 12; later ones take tall
 * pictures vertically first, which moves a byte here and there by 1). */
#ifndef CD_IMAGE_RESIZE_AXIS_H
#define CD_IMAGE_RESIZE_AXIS_H

#include "core/context.h"

/* 8 bits of sample, 2 of headroom, the rest for the fraction. A weight is at most 1. */
enum { CD_RESIZE_FRACTION_BITS = 32 - 8 - 2, CD_RESIZE_HALF = 1 << (CD_RESIZE_FRACTION_BITS - 1) };

/* One direction: m target samples show the source of n samples between from and to, which are 0 and
 * n but for a picture that the decoder has scaled to a size between whole numbers. backwards: the
 * target's sample 0 shows the source's end, and the sums are those of the mirrored source. */
struct cd_resize_side {
    size_t n, m;
    double from, to;
    int backwards;
};

/* Source samples first .. first+count-1 make up one target sample. */
struct cd_resize_span {
    size_t first, count;
};

enum { CD_RESIZE_GROUP = 4, CD_RESIZE_LOW_BITS = 11 };

/* Target samples are in the order of the source, also where the side goes backwards; neither first
 * nor first + count ever falls. Weights of target i are at weights + i * window. The same once more
 * for vectors, if asked for: cut into the bits from LOW_BITS up, "high", and those below, "low", in
 * groups of four (zeros behind the last):
 *
 *   high w0 w1 w2 w3, low w0 w1 w2 w3, then the next group
 *
 * those of target i from halves + i * halves_size. */
struct cd_resize_axis {
    size_t n, m;
    size_t window; /* room for the weights of one target sample; the largest count */
    struct cd_resize_span *spans;
    int32_t *weights;
    size_t halves_size;
    int16_t *halves;
};

/* halves: whether they are asked for. Returns 0 if there is no memory; release in any
 * case. */
int cd_resize_axis_init(cnn_context_t *context, struct cd_resize_axis *axis,
                        const struct cd_resize_side *side, int halves);
void cd_resize_axis_release(cnn_context_t *context, struct cd_resize_axis *axis);

#endif

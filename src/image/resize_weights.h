/* SPDX-License-Identifier: MIT
 *
 * The weights for resizing in one direction. For each target sample they say which source samples
 * it is computed from, and with which weights.
 *
 * Let scale = (to - from) / m. Target sample i is centred at from + (i + 0.5) * scale in the
 * source. It is the weighted mean of the source samples around this centre. The weights form a
 * triangle that reaches max(scale, 1) samples to each side. They are computed in double precision,
 * normalised to the sum 1 and rounded to fixed point. The precision and the order of operations
 * must not change: they make the pixels the same as in Pillow up to version 12. Later versions of
 * Pillow resize tall images vertically first, which changes some bytes by 1. */
#ifndef CD_IMAGE_RESIZE_WEIGHTS_H
#define CD_IMAGE_RESIZE_WEIGHTS_H

#include "core/context.h"
#include "kernels/resize_axis.h"

/* One direction of a resize: the part from `from` to `to` of n source samples is resized to m
 * target samples. from and to are 0 and n, unless the decoder has scaled the image to a fractional
 * size. backwards: 1 if the target is the mirrored source. */
struct cd_resize_side {
    size_t n, m;
    double from, to;
    int backwards;
};

/* Computes the weights of a side. The target samples of axis are in the order of the source, even
 * if side->backwards is 1. Returns 1, or 0 if out of memory. The caller calls
 * cd_resize_axis_release on success and on failure. axis: zeroed by the caller. */
int cd_resize_axis_init(cnn_context_t *context, struct cd_resize_axis *axis,
                        const struct cd_resize_side *side);
void cd_resize_axis_release(cnn_context_t *context, struct cd_resize_axis *axis);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The weights of one direction of the resize: for each target sample the source samples and their
 * weights.
 *
 * With scale = (to - from) / m, target sample i is centred at from + (i + 0.5) * scale in the
 * source. It is the mean of the source samples around it, weighted by a triangle that reaches
 * max(scale, 1) to either side. Weights are computed in double precision, normalised to the sum 1
 * and rounded to fixed point. Double precision and the order of operations are part of the
 * definition. The pixels are then the same as Pillow's up to version 12. Later versions resize tall
 * images vertically first, which changes some bytes by 1. */
#ifndef CD_IMAGE_RESIZE_WEIGHTS_H
#define CD_IMAGE_RESIZE_WEIGHTS_H

#include "core/context.h"
#include "kernels/resize_axis.h"

/* One direction: m target samples show the part from .. to of n source samples. from and to are 0
 * and n, except for an image that the decoder has scaled to a fractional size. backwards: target
 * sample 0 shows the end of the source, and the sums are computed as for the mirrored source. */
struct cd_resize_side {
    size_t n, m;
    double from, to;
    int backwards;
};

/* Computes the weights of a side; if it goes backwards, target samples are nevertheless in the
 * order of the source. Returns 0 if there is no memory. Release axis in any case. */
int cd_resize_axis_init(cnn_context_t *context, struct cd_resize_axis *axis,
                        const struct cd_resize_side *side);
void cd_resize_axis_release(cnn_context_t *context, struct cd_resize_axis *axis);

#endif

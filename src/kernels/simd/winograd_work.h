/* SPDX-License-Identifier: MIT
 *
 * The sizes of a pass and the gradient map, for winograd.c and winograd_gradient.c. */
#ifndef CD_KERNELS_SIMD_WINOGRAD_WORK_H
#define CD_KERNELS_SIMD_WINOGRAD_WORK_H

#include "kernels/simd/winograd.h"

CD_INLINE size_t winograd_whole(size_t channels)
{
    return cd_round_up(channels, CD_LANES);
}

CD_INLINE int winograd_pooled(const struct cd_conv_layer *layer)
{
    return layer->pool.co != 0;
}

/* The size of a pass: it computes co channels from ci channels, in `rows` rows of `across` tiles
 * for each image. */
struct winograd_work {
    size_t ci, co, rows, across;
};

/* Returns the size of a pass. Outputs of the convolution that are in no pooling window are not
 * computed. */
CD_INLINE struct winograd_work winograd_work_of(const struct cd_conv_layer *layer,
                                                enum cd_conv_pass pass)
{
    const struct cd_conv *conv = &layer->conv, *pool = &layer->pool;
    const size_t rows = winograd_pooled(layer) ? 2 * pool->oh : conv->oh;
    const size_t columns = winograd_pooled(layer) ? 2 * pool->ow : conv->ow;

    if (pass == CD_CONV_BACKWARD_DATA)
        return (struct winograd_work){conv->co, conv->ci, cd_divide_up(conv->h, WINOGRAD_STEP),
                                      cd_divide_up(conv->w, WINOGRAD_STEP)};
    return (struct winograd_work){conv->ci, conv->co, cd_divide_up(rows, WINOGRAD_STEP),
                                  cd_divide_up(columns, WINOGRAD_STEP)};
}

CD_INLINE size_t winograd_plane(size_t tiles, size_t channels)
{
    return tiles * channels + WINOGRAD_GAP;
}

/* Returns the gradient with respect to the convolution's output, before pooling, as a map. Tiles
 * begin `top` rows and `left` columns before each multiple of WINOGRAD_STEP. */
CD_INLINE struct winograd_map winograd_gradient_map(const struct cd_conv_layer *layer,
                                                    const float *dy, const void *winners,
                                                    size_t top, size_t left,
                                                    const struct winograd_work *work)
{
    const struct cd_conv *of = winograd_pooled(layer) ? &layer->pool : &layer->conv;

    return (struct winograd_map){
        dy, winograd_pooled(layer) ? winners : NULL, of->oh, of->ow, of->co, top, left,
        work->across, work->rows};
}

/* winograd_gradient.c: implements the functions of conv.h for backward kernel. */
size_t CD_LEVEL_NAME(winograd_gradient_scratch)(const struct winograd_work *work);

size_t CD_LEVEL_NAME(winograd_gradient_blocks)(const struct cd_conv_layer *layer);

void CD_LEVEL_NAME(winograd_backward_kernel)(const struct cd_conv_layer *layer, size_t block,
                                             size_t n, const float *x, const float *dy,
                                             const void *winners, float *dkernel, float *dbias,
                                             float *floats);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Divides a convolution into work items. struct cd_conv_cut holds everything that does not depend
 * on the number of images; it is computed once, when the plan is created. The rest is computed for
 * each run.
 *
 * Forward pass and input gradient: a work item is some rows of a group of images. If threads would
 * be idle, the forward pass also divides the output channels. Kernel gradient: a work item is a
 * block of channels of the sum over a chunk of images. These partial sums are added in the order of
 * the chunks. To keep the result independent of the threads, the number of chunks depends only on
 * the layer and the number of images. */
#ifndef CD_PLAN_LAYERS_CONV_CUT_H
#define CD_PLAN_LAYERS_CONV_CUT_H

#include "kernels/conv.h"

/* How the forward pass or the input gradient is divided. */
struct cd_conv_rows {
    size_t rows;   /* rows of y (forward pass) or dx in an image */
    size_t each;   /* rows in a work item; the last one may have fewer */
    size_t items;  /* work items in a group of images */
    size_t images; /* largest number of images in a group */
};

/* How all passes of a convolution are divided. Sizes are in floats. */
struct cd_conv_cut {
    struct cd_conv_rows forward;
    struct cd_conv_rows data; /* input gradient; all 0 if it is not computed */
    size_t channel_blocks;    /* forward pass: blocks of channels that can be separate work items */
    size_t chunks;            /* kernel gradient: most partial sums; 0 if the kernel is frozen */
    size_t gradient_blocks;   /* kernel gradient: work items for each chunk */
    size_t kernel;            /* size of the kernel */
    size_t partial;           /* size of a partial sum: kernel gradient, then bias gradient */
    size_t prepared_backward; /* size of the kernel prepared for the input gradient; 0 if none */
    size_t scratch_forward;   /* scratch of a worker in the forward pass */
    size_t scratch_backward;  /* scratch of a worker in the backward pass */
    size_t temporary;         /* dx of one work item, if dx must be added to another gradient */
};

/* A work item of the forward pass or the input gradient. */
struct cd_conv_place {
    size_t image; /* index of the first image in the batch */
    struct cd_conv_item item;
};

/* Divides a layer. passes: the passes that the plan runs, values of cd_conv_pass or-ed. */
struct cd_conv_cut cd_conv_cut_make(const struct cd_conv_layer *layer,
                                    const struct cd_conv_algorithm *algorithm, unsigned passes);

/* Returns the number of groups in a run with n images. For an even load of the threads it is a
 * multiple of a fixed number, or n if that is less. */
size_t cd_conv_cut_groups(const struct cd_conv_rows *cut, size_t n);

/* Returns the number of ranges of channels into which each of `items` work items of the forward
 * pass is divided further. */
size_t cd_conv_cut_channels(const struct cd_conv_cut *cut, size_t items, size_t threads);

/* Returns the number of partial sums of the kernel gradient in a run with n images. */
size_t cd_conv_cut_chunks(const struct cd_conv_cut *cut, size_t n);

/* Returns work item number `index` of groups x cut->items. Does not set the range of channel
 * blocks. */
struct cd_conv_place cd_conv_cut_at(const struct cd_conv_rows *cut, size_t n, size_t groups,
                                    size_t index);

#endif

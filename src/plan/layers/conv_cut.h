/* SPDX-License-Identifier: MIT
 *
 * How a convolution's work is cut into work items. The cut is made once, with the plan. What
 * depends on the number of images of a run is a few divisions, made once for each run.
 *
 * Forward and backward data: groups of images times rows. Forward also divides the channels where
 * that gives idle threads work. Kernel gradient: chunks of images times blocks of channels. Chunks
 * are partial sums, added in their order, so their number depends on the images only. */
#ifndef CD_PLAN_LAYERS_CONV_CUT_H
#define CD_PLAN_LAYERS_CONV_CUT_H

#include "kernels/conv.h"

/* The cut of forward or of backward data. */
struct cd_conv_rows {
    size_t rows;   /* rows of an image's output (forward) or dx */
    size_t each;   /* rows of a work item */
    size_t items;  /* work items of a group of images */
    size_t images; /* largest number of images in a group */
};

/* Sizes in floats. */
struct cd_conv_cut {
    struct cd_conv_rows forward;
    struct cd_conv_rows data; /* backward data; all 0 if the gradient by the input is not wanted */
    size_t channel_blocks;    /* forward: blocks of channels that can be separate work items */
    size_t chunks;            /* kernel gradient: the most partial sums; 0: the kernel is frozen */
    size_t gradient_blocks;   /* kernel gradient: work items of a chunk */
    size_t kernel;            /* size of the kernel */
    size_t partial;           /* size of a partial sum: the kernel's gradient, then the bias's */
    size_t prepared_backward; /* size of the kernel that backward data reads; 0: as it is */
    size_t scratch_forward;   /* scratch of one worker */
    size_t scratch_backward;
    size_t temporary; /* a worker's dx before it is added: the images of one item */
};

/* A work item of forward or backward data. */
struct cd_conv_place {
    size_t image; /* the first image */
    struct cd_conv_item item;
};

/* Makes the cut of a layer. passes: those that the plan runs, cd_conv_pass or-ed. */
struct cd_conv_cut cd_conv_cut_make(const struct cd_conv_layer *layer,
                                    const struct cd_conv_algorithm *algorithm, unsigned passes);

/* Groups of images in a run with n images. A multiple of a fixed number, for an even load. */
size_t cd_conv_cut_groups(const struct cd_conv_rows *cut, size_t n);

/* Ranges of channel blocks that each work item of forward is divided into, for that many items. */
size_t cd_conv_cut_channels(const struct cd_conv_cut *cut, size_t items, size_t threads);

/* Partial sums of a run with n images. */
size_t cd_conv_cut_chunks(const struct cd_conv_cut *cut, size_t n);

/* Work item number index of groups x items; without its channel blocks. */
struct cd_conv_place cd_conv_cut_at(const struct cd_conv_rows *cut, size_t n, size_t groups,
                                    size_t index);

#endif

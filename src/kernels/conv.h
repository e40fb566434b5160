/* SPDX-License-Identifier: MIT
 *
 * A convolution layer in one go, and the ways to compute it. What a layer takes along (bias,
 * activation, the max pooling behind it) is computed while the values are in registers or in the
 * cache: the convolution's own map, the largest of a network, need not exist as a whole. */
#ifndef CD_KERNELS_CONV_H
#define CD_KERNELS_CONV_H

#include "kernels/kernels.h"

/* y = max pooling(activation(convolution(x, kernel) + bias)). pool.co is 0 without a pooling. The
 * output is oh x ow x co of pool, or else of conv. */
struct cd_conv_layer {
    const struct cd_kernels *kernels; /* of the context, for what an algorithm leaves to others */
    struct cd_conv conv, pool;
    struct cd_activation activation;
};

enum cd_conv_pass {
    CD_CONV_FORWARD = 1,
    CD_CONV_BACKWARD_DATA = 2,
    CD_CONV_BACKWARD_KERNEL = 4,
};

/* What a call of forward or backward data computes: some rows of a picture, or all rows of some. */
struct cd_conv_piece {
    size_t n; /* pictures, at most pictures(): one behind the other in each map and in kept */
    size_t first, last; /* rows first .. last-1 of y or dx; all if n is more than 1 */
    /* Forward, the blocks() of y's channels: first_block .. last_block-1. Backward data does not
     * look at them: it computes all channels of dx. */
    size_t first_block, last_block;
};

/* One way. Maps and kernels as in kernels.h; every pointer to a map is to one whole picture's,
 * unless a contract says otherwise. dy is the gradient by the layer's output if the algorithm
 * keeps_activation for this layer. Otherwise the caller has multiplied it by the activation's
 * derivative: without a pooling it is then the gradient by conv + bias; with one, what each
 * window's winner gets of that. */
struct cd_conv_algorithm {
    const char *name;

    /* What one picture costs in a pass, in multiply-adds of a vector unit that is always busy (a
     * model, not a measurement): the cheapest algorithm that can do all passes that a layer needs
     * is taken. 0: it cannot do this pass of this layer. */
    double (*cost)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Bytes that forward keeps for backward about a picture: which element of each window won. */
    size_t (*kept)(const struct cd_conv_layer *layer);

    /* Whether kept tells where the activation let a gradient through. */
    int (*keeps_activation)(const struct cd_conv_layer *layer);

    /* Floats of the kernel as forward or backward data want it, and the change into that; 0: they
     * want it as it is. */
    size_t (*prepared)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
    void (*prepare)(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *prepared);

    /* Floats of scratch of one worker. */
    size_t (*scratch)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Rows of y (forward) or of dx (backward data) that are best computed in one call; the last
     * call of a picture may have fewer. first is a multiple of it. */
    size_t (*rows)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Pictures that are best computed in one call of forward or backward data; more than 1 only if
     * rows() is all of a picture's. How many are computed together does not change their bits. */
    size_t (*pictures)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Blocks of y's channels that forward can compute apart, with the same bits, where there are
     * more threads than other pieces. Each call does the work on x again. */
    size_t (*blocks)(const struct cd_conv_layer *layer);

    /* kept may be NULL: not wanted; bias: there is none. */
    void (*forward)(const struct cd_conv_layer *layer, const struct cd_conv_piece *piece,
                    const float *x, const float *kernel, const float *bias, float *y, void *kept,
                    float *scratch);

    /* dx is overwritten. */
    void (*backward_data)(const struct cd_conv_layer *layer, const struct cd_conv_piece *piece,
                          const float *dy, const void *kept, const float *kernel, float *dx,
                          float *scratch);

    /* Parts of dkernel and dbias, each some channels of y, that are best computed in a call
     * each. */
    size_t (*parts)(const struct cd_conv_layer *layer);

    /* That part of dkernel (kh x kw x ci x co) and, unless NULL, of dbias (co), overwritten by the
     * sum over n pictures, that lie one behind the other in each map and in kept. */
    void (*backward_kernel)(const struct cd_conv_layer *layer, size_t part, size_t n,
                            const float *x, const float *dy, const void *kept, float *dkernel,
                            float *dbias, float *scratch);
};

/* What pictures(), and parts() and blocks(), are for an algorithm that takes one picture and all
 * channels at once. */
size_t cd_conv_one_picture(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
size_t cd_conv_one_part(const struct cd_conv_layer *layer);

/* The algorithm that can do everything, pooling of any kind included, with im2col and the product
 * of the layer's table. */
extern const struct cd_conv_algorithm cd_conv_general;

/* What one picture costs in all passes (cd_conv_pass, or-ed); 0 if the algorithm cannot do one. */
double cd_conv_cost(const struct cd_conv_algorithm *algorithm, const struct cd_conv_layer *layer,
                    unsigned passes);

/* The cheapest of the algorithms of layer->kernels, or cd_conv_general, that can do all passes
 * (cd_conv_pass, or-ed). Depends on its arguments only. */
const struct cd_conv_algorithm *cd_conv_choose(const struct cd_conv_layer *layer, unsigned passes);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A convolution layer with the operations fused into it, and the algorithms that compute it.
 *
 * Bias, activation and a following max pooling are fused: they are applied while the convolution's
 * values are in registers or in the cache. The convolution's own feature map, the largest of a
 * network, is then never stored as a whole. */
#ifndef CD_KERNELS_CONV_H
#define CD_KERNELS_CONV_H

#include "kernels/kernels.h"

/* y = max_pool(activation(convolution(x, kernel) + bias)). Without pooling, pool.co is 0. y is
 * oh x ow x co of pool, or of conv without pooling. */
struct cd_conv_layer {
    const struct cd_kernels *kernels; /* the context's table, for work the algorithm delegates */
    struct cd_conv conv, pool;
    struct cd_activation activation;
};

enum cd_conv_pass {
    CD_CONV_FORWARD = 1,
    CD_CONV_BACKWARD_DATA = 2,
    CD_CONV_BACKWARD_KERNEL = 4,
};

/* One work item of forward or backward data: some rows of one image, or all rows of several. */
struct cd_conv_item {
    size_t n;           /* images, at most images(); contiguous in every feature map and in kept */
    size_t first, last; /* rows first .. last-1 of y (forward) or dx; all rows if n > 1 */
    /* Forward computes blocks first_block .. last_block-1 of the channel_blocks() of y. Backward
     * data ignores both and computes all channels of dx. */
    size_t first_block, last_block;
};

/* One algorithm. Feature maps and kernels are laid out as in kernels.h. A pointer to a feature map
 * points at the beginning of a whole image's map unless a contract says otherwise.
 *
 * The meaning of dy depends on keeps_activation:
 *   true    dy is the gradient of the loss by the layer's output y.
 *   false   The caller has multiplied that gradient by the activation's derivative. Without pooling
 *           dy is then the gradient by convolution + bias. With pooling it is the gradient that the
 *           winner of each window receives. */
struct cd_conv_algorithm {
    const char *name;

    /* Returns the cost of a pass for one image, in multiply-adds of a vector unit at its peak. The
     * cost is a model, not a measurement. The cheapest algorithm that supports all passes of a
     * layer is selected. 0: the algorithm does not support this pass of this layer. */
    double (*cost)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns how many bytes forward keeps for backward per image: the winner of each window. */
    size_t (*kept)(const struct cd_conv_layer *layer);

    /* 1: kept also records where the activation passes the gradient on. */
    int (*keeps_activation)(const struct cd_conv_layer *layer);

    /* prepared returns the size in floats of the transformed kernel that forward or backward data
     * reads; prepare computes it. Size 0: the pass reads the kernel as it is. */
    size_t (*prepared)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
    void (*prepare)(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *prepared);

    /* Returns the size of scratch in floats that a call needs. */
    size_t (*scratch)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the best number of rows of y (forward) or dx (backward data) for a work item. The
     * first row of an item is a multiple of it; the last item of an image may have fewer rows. */
    size_t (*rows)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the largest number of images for a work item of forward or backward data. It is more
     * than 1 only if rows() covers a whole image. An image's bits do not depend on the number of
     * images in its item. */
    size_t (*images)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the number of blocks of y's channels that forward can compute in separate work items
     * with the same bits, for when there are more threads than other items. Each item transforms
     * x again. */
    size_t (*channel_blocks)(const struct cd_conv_layer *layer);

    /* Computes an item of y, and of kept unless it is NULL. bias may be NULL. */
    void (*forward)(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *kept,
                    float *scratch);

    /* Overwrites an item of dx. */
    void (*backward_data)(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                          const float *dy, const void *kept, const float *kernel, float *dx,
                          float *scratch);

    /* Returns the number of blocks of output channels that dkernel and dbias are divided into; each
     * call of backward_kernel computes one. */
    size_t (*gradient_blocks)(const struct cd_conv_layer *layer);

    /* Overwrites one block of dkernel (kh x kw x ci x co) and, unless it is NULL, of dbias (co) by
     * the sum over n images, which are contiguous in every feature map and in kept. */
    void (*backward_kernel)(const struct cd_conv_layer *layer, size_t block, size_t n,
                            const float *x, const float *dy, const void *kept, float *dkernel,
                            float *dbias, float *scratch);
};

/* Implementations of images, channel_blocks and gradient_blocks for algorithms that process one
 * image and all channels at a time. Both return 1. */
size_t cd_conv_one_image(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
size_t cd_conv_one_block(const struct cd_conv_layer *layer);

/* Supports every layer and every kind of pooling, by im2col and the matrix product of the layer's
 * table. */
extern const struct cd_conv_algorithm cd_conv_general;

/* Returns the cost of all passes (cd_conv_pass, or-ed) for one image; 0 if the algorithm does not
 * support one of them. */
double cd_conv_cost(const struct cd_conv_algorithm *algorithm, const struct cd_conv_layer *layer,
                    unsigned passes);

/* Returns the cheapest algorithm of layer->kernels, or cd_conv_general, that supports all passes
 * (cd_conv_pass, or-ed). The result depends on the arguments only. */
const struct cd_conv_algorithm *cd_conv_choose(const struct cd_conv_layer *layer, unsigned passes);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A convolution layer with the operations fused into it, and the algorithms that compute it.
 *
 * Bias, activation and a following max pooling are fused: they are applied while the outputs of the
 * convolution are in registers or in the cache. The feature map between convolution and pooling is
 * the largest of a network. It is then never stored as a whole.
 *
 * A layer has three passes:
 *   forward           computes y from x, kernel and bias
 *   backward data     computes dx, the gradient of the loss with respect to x
 *   backward kernel   computes dkernel and dbias, the gradients with respect to kernel and bias
 * A pass is divided into work items, which threads compute independently. dkernel is divided into
 * gradient blocks: each is the gradient of some of the output channels. */
#ifndef CD_KERNELS_CONV_H
#define CD_KERNELS_CONV_H

#include "kernels/kernels.h"

/* y = max_pool(activation(convolution(x, kernel) + bias)). If pool.co is 0, there is no pooling.
 * The shape of y is oh x ow x co, taken from pool if there is pooling and from conv otherwise. */
struct cd_conv_layer {
    const struct cd_kernels *kernels; /* table of the context; an algorithm may call its kernels */
    struct cd_conv conv, pool;
    struct cd_activation activation;
};

enum cd_conv_pass {
    CD_CONV_FORWARD = 1,
    CD_CONV_BACKWARD_DATA = 2,
    CD_CONV_BACKWARD_KERNEL = 4,
};

/* A work item of the forward pass or of backward data: some rows of one image, or all rows of
 * several images. */
struct cd_conv_item {
    /* number of images, at most images(); contiguous in each feature map and in kept */
    size_t n;
    size_t first, last; /* rows first .. last-1 of y or dx; all rows if n > 1 */
    /* Channel blocks first_block .. last_block-1 of y, out of channel_blocks(). Backward data
     * ignores both members and computes all channels of dx. */
    size_t first_block, last_block;
};

/* A convolution algorithm. Feature maps and kernels are laid out as in kernels.h. A pointer to a
 * feature map points at its first element, even if a work item covers only some rows.
 *
 * The meaning of dy depends on keeps_activation():
 *   1   dy is the gradient of the loss with respect to y. The algorithm applies the derivative of
 *       the activation.
 *   0   The caller has already multiplied the gradient by the derivative of the activation. With
 *       pooling, dy is then the gradient that the winner of each window receives; without, it is
 *       the gradient with respect to convolution + bias. */
struct cd_conv_algorithm {
    const char *name;

    /* Returns the cost of a pass for one image in multiply-adds of a vector unit at its peak, or 0
     * if the algorithm does not support this pass of this layer. The cost is computed from a model,
     * not measured. For each layer, the cheapest algorithm that supports all its passes is
     * selected. */
    double (*cost)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the number of bytes per image that the forward pass stores in `kept` for the backward
     * passes: which element of each pooling window was the maximum (the winner). */
    size_t (*kept)(const struct cd_conv_layer *layer);

    /* Returns 1 if `kept` also records where the derivative of the activation is 0. */
    int (*keeps_activation)(const struct cd_conv_layer *layer);

    /* prepare() transforms the kernel into the form that forward() or backward_data() reads.
     * prepared() returns the size of that form in floats, or 0 if the pass reads the kernel
     * unchanged. */
    size_t (*prepared)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
    void (*prepare)(const struct cd_conv_layer *layer, enum cd_conv_pass pass, const float *kernel,
                    float *prepared);

    /* Returns the size in floats of the scratch memory that one call of the pass needs. */
    size_t (*scratch)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the best number of rows of y (forward) or dx (backward data) for a work item. The
     * first row of an item must be a multiple of it. The last item of an image may have fewer
     * rows. */
    size_t (*rows)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the largest number of images in a work item of the forward pass or of backward data.
     * It is more than 1 only if rows() covers a whole image. The number of images in an item does
     * not change the bits of the result. */
    size_t (*images)(const struct cd_conv_layer *layer, enum cd_conv_pass pass);

    /* Returns the number of channel blocks of y that the forward pass can compute in separate work
     * items. The division does not change the bits of the result. It is useful if there are more
     * threads than other work items, but every item must then transform x again. */
    size_t (*channel_blocks)(const struct cd_conv_layer *layer);

    /* Computes the rows of y that belong to a work item, and their part of `kept` unless that is
     * NULL. bias may be NULL. */
    void (*forward)(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                    const float *x, const float *kernel, const float *bias, float *y, void *kept,
                    float *scratch);

    /* Computes the rows of dx that belong to a work item. dx is overwritten. */
    void (*backward_data)(const struct cd_conv_layer *layer, const struct cd_conv_item *item,
                          const float *dy, const void *kept, const float *kernel, float *dx,
                          float *scratch);

    /* Returns the number of gradient blocks. Each call of backward_kernel() computes one. */
    size_t (*gradient_blocks)(const struct cd_conv_layer *layer);

    /* Computes one gradient block of dkernel (kh x kw x ci x co) and of dbias (co), summed over n
     * images. The images are contiguous in each feature map and in `kept`. The block is
     * overwritten. dbias may be NULL. */
    void (*backward_kernel)(const struct cd_conv_layer *layer, size_t block, size_t n,
                            const float *x, const float *dy, const void *kept, float *dkernel,
                            float *dbias, float *scratch);
};

/* Implement images, channel_blocks and gradient_blocks for an algorithm that computes one image and
 * all channels in each call. Both return 1. */
size_t cd_conv_one_image(const struct cd_conv_layer *layer, enum cd_conv_pass pass);
size_t cd_conv_one_block(const struct cd_conv_layer *layer);

/* The algorithm that supports every layer: im2col and a matrix product, with the kernels of
 * layer->kernels. */
extern const struct cd_conv_algorithm cd_conv_general;

/* Returns the total cost for one image of all passes in `passes` (values of cd_conv_pass, or-ed),
 * or 0 if the algorithm does not support one of them. */
double cd_conv_cost(const struct cd_conv_algorithm *algorithm, const struct cd_conv_layer *layer,
                    unsigned passes);

/* Returns the cheapest algorithm that supports all passes in `passes` (values of cd_conv_pass,
 * or-ed): one from layer->kernels or cd_conv_general. The result depends on the arguments only. */
const struct cd_conv_algorithm *cd_conv_choose(const struct cd_conv_layer *layer, unsigned passes);

#endif

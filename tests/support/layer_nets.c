/* SPDX-License-Identifier: MIT */
#include "support/layer_nets.h"

#include <check.h>

#include "graph/graph_build.h"

#define OK(call) ck_assert_msg((call) == CNN_OK, "%s", cd_error_message())

/* ---- layers ---- */

static cnn_node_t input(cnn_graph_t *g, size_t h, size_t w, size_t c)
{
    cnn_node_t node;
    OK(cd_graph_add_input(g, NULL, (struct cd_shape){h, w, c}, &node));
    return node;
}

static cnn_node_t conv(cnn_graph_t *g, cnn_node_t in, uint32_t filters, uint32_t k, uint32_t stride,
                       cnn_padding_t padding, cnn_activation_t activation)
{
    const cnn_conv2d_options_t options = {.struct_size = sizeof options,
                                          .filters = filters,
                                          .kernel_height = k,
                                          .kernel_width = k,
                                          .stride_height = stride,
                                          .stride_width = stride,
                                          .padding = padding,
                                          .activation = activation,
                                          .alpha = 0.1f,
                                          .no_bias = filters == 4};
    cnn_node_t node;
    OK(cd_graph_add_conv2d(g, in, &options, &node));
    return node;
}

static cnn_node_t pool(cnn_graph_t *g, enum cd_node_type type, cnn_node_t in, uint32_t size,
                       uint32_t stride, cnn_padding_t padding)
{
    const cnn_pool2d_options_t options = {.struct_size = sizeof options,
                                          .pool_height = size,
                                          .pool_width = size,
                                          .stride_height = stride,
                                          .stride_width = stride,
                                          .padding = padding};
    cnn_node_t node;
    OK(cd_graph_add_pool2d(g, type, in, &options, &node));
    return node;
}

static cnn_node_t dense(cnn_graph_t *g, cnn_node_t in, uint32_t units, cnn_activation_t activation)
{
    const cnn_dense_options_t options = {.struct_size = sizeof options,
                                         .units = units,
                                         .activation = activation,
                                         .alpha = 0.1f,
                                         .no_bias = units == 6};
    cnn_node_t node;
    OK(cd_graph_add_dense(g, in, &options, &node));
    return node;
}

static cnn_node_t flatten(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_FLATTEN, &in, NULL, &node));
    return node;
}

static cnn_node_t batch_norm(cnn_graph_t *g, cnn_node_t in)
{
    const cnn_batch_norm_options_t options = {
        .struct_size = sizeof options, .momentum = 0.9f, .epsilon = 1e-3f};
    cnn_node_t node;
    OK(cd_graph_add_batch_norm(g, in, &options, &node));
    return node;
}

static cnn_node_t activation(cnn_graph_t *g, cnn_node_t in, cnn_activation_t kind)
{
    cnn_node_t node;
    OK(cd_graph_add_activation(g, in, kind, 0.2f, NULL, &node));
    return node;
}

static cnn_node_t add(cnn_graph_t *g, cnn_node_t a, cnn_node_t b)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_ADD, (cnn_node_t[]){a, b}, NULL, &node));
    return node;
}

static cnn_node_t dropout(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_dropout(g, in, 0.4f, NULL, &node));
    return node;
}

static cnn_node_t global_pool(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_GLOBAL_AVERAGE_POOL2D, &in, NULL, &node));
    return node;
}

/* ---- networks ---- */

static void article(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 15, 18, 3);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = conv(g, x, 7, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = dense(g, flatten(g, x), 9, CNN_ACTIVATION_RELU);
    dense(g, x, 1, CNN_ACTIVATION_SIGMOID);
}

static void residual(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 9, 8, 2);
    cnn_node_t a = batch_norm(g, conv(g, x, 4, 3, 2, CNN_PADDING_SAME, CNN_ACTIVATION_NONE));
    cnn_node_t b = conv(g, x, 4, 1, 2, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    cnn_node_t c = add(g, activation(g, a, CNN_ACTIVATION_RELU), b);
    cnn_node_t d = conv(g, c, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_SIGMOID);
    cnn_node_t e = add(g, add(g, c, d), c); /* c is read three times */
    e = add(g, e, e);
    dense(g, global_pool(g, batch_norm(g, e)), 3, CNN_ACTIVATION_SOFTMAX);
}

static cnn_node_t conv_norm(cnn_graph_t *g, cnn_node_t in, uint32_t filters, uint32_t k,
                            uint32_t stride)
{
    return batch_norm(g, conv(g, in, filters, k, stride, CNN_PADDING_SAME, CNN_ACTIVATION_NONE));
}

/* Adds a residual block: two convolutions with batch normalisation, plus the block's input. */
static cnn_node_t block(cnn_graph_t *g, cnn_node_t in, uint32_t filters)
{
    cnn_node_t x = activation(g, conv_norm(g, in, filters, 3, 1), CNN_ACTIVATION_RELU);
    return activation(g, add(g, conv_norm(g, x, filters, 3, 1), in), CNN_ACTIVATION_RELU);
}

/* A residual network as in He et al. 2015. Some blocks have an identity shortcut. The others have a
 * convolution in the shortcut, which is the first or the second operand of the addition. */
static void resnet(cnn_graph_t *g)
{
    cnn_node_t x = activation(g, conv_norm(g, input(g, 13, 11, 3), 4, 3, 2), CNN_ACTIVATION_RELU);
    x = block(g, block(g, x, 4), 4);
    cnn_node_t a = conv_norm(g, x, 5, 3, 2), b = conv_norm(g, x, 5, 1, 2);
    x = activation(g, add(g, a, b), CNN_ACTIVATION_RELU);
    a = conv_norm(g, x, 6, 1, 1);
    b = conv_norm(g, activation(g, conv_norm(g, x, 6, 3, 1), CNN_ACTIVATION_RELU), 6, 3, 1);
    x = activation(g, add(g, a, b), CNN_ACTIVATION_RELU);
    dense(g, global_pool(g, x), 2, CNN_ACTIVATION_SOFTMAX);
}

/* Batch normalisation in many places: before each kind of activation, before max pooling, and of a
 * feature map that other layers read too. Also adds two convolutions, followed by an activation. */
static void normalised(cnn_graph_t *g)
{
    cnn_node_t x = conv_norm(g, input(g, 10, 9, 2), 4, 3, 1);
    x = activation(g, x, CNN_ACTIVATION_LEAKY_RELU);
    cnn_node_t a = activation(g, conv_norm(g, x, 4, 3, 1), CNN_ACTIVATION_SIGMOID);
    x = activation(g, add(g, batch_norm(g, a), x), CNN_ACTIVATION_LEAKY_RELU);
    a = conv(g, x, 4, 1, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE);
    x = activation(g, add(g, a, conv(g, x, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE)),
                   CNN_ACTIVATION_RELU);
    a = activation(g, batch_norm(g, x), CNN_ACTIVATION_RELU); /* x is read again below */
    x = add(g, conv(g, a, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE), x);
    x = add(g, batch_norm(g, x), x);
    x = add(g, x, conv(g, x, 4, 1, 1, CNN_PADDING_SAME, CNN_ACTIVATION_RELU));
    x = activation(g, conv_norm(g, x, 7, 3, 1), CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = activation(g, conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_NONE),
                   CNN_ACTIVATION_RELU);
    dropout(g, activation(g, batch_norm(g, x), CNN_ACTIVATION_RELU));
}

/* The output layer is an activation, which is fused with the addition before it. */
static void ends_in_block(cnn_graph_t *g)
{
    block(g, conv(g, input(g, 7, 6, 2), 5, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE), 5);
}

static void pools(cnn_graph_t *g)
{
    cnn_node_t x = conv(g, input(g, 11, 10, 3), 6, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_NONE);
    cnn_node_t a = pool(g, CD_NODE_MAX_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    cnn_node_t b = pool(g, CD_NODE_AVERAGE_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    cnn_node_t c = pool(g, CD_NODE_AVERAGE_POOL2D, add(g, a, b), 2, 1, CNN_PADDING_VALID);
    c = conv(g, c, 3, 1, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    flatten(g, activation(g, c, CNN_ACTIVATION_SOFTMAX));
}

/* Max pooling fused with activations other than ReLU, also with overlapping windows. */
static void pooled(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 12, 11, 2);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    x = conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_SIGMOID);
    x = flatten(g, pool(g, CD_NODE_MAX_POOL2D, x, 2, 1, CNN_PADDING_VALID));
    dense(g, x, 2, CNN_ACTIVATION_NONE);
}

/* Pooling layers with padding on one side only. The first has overlapping windows. The second is
 * the output; its stride is larger than its window and than the number of rows in a work item. */
static void odd_pools(cnn_graph_t *g)
{
    const cnn_pool2d_options_t overlapping = {.struct_size = sizeof overlapping,
                                              .pool_height = 3,
                                              .pool_width = 2,
                                              .stride_height = 2,
                                              .stride_width = 1,
                                              .padding = CNN_PADDING_EXPLICIT,
                                              .pad_top = 2,
                                              .pad_left = 1};
    const cnn_pool2d_options_t leaping = {.struct_size = sizeof leaping,
                                          .pool_height = 2,
                                          .pool_width = 3,
                                          .stride_height = 10,
                                          .stride_width = 4,
                                          .padding = CNN_PADDING_EXPLICIT,
                                          .pad_bottom = 1,
                                          .pad_right = 2};
    cnn_node_t x = input(g, 34, 12, 2);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    OK(cd_graph_add_pool2d(g, CD_NODE_MAX_POOL2D, x, &overlapping, &x));
    x = conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_SIGMOID);
    OK(cd_graph_add_pool2d(g, CD_NODE_MAX_POOL2D, x, &leaping, &x));
}

/* The pooling layer reads the convolution's output through a flatten layer, which changes the
 * shape. So it cannot be fused with the convolution. */
static void flat_pool(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 12, 5, 2);
    x = flatten(g, conv(g, x, 3, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_LEAKY_RELU));
    dense(g, pool(g, CD_NODE_MAX_POOL2D, x, 1, 1, CNN_PADDING_VALID), 2, CNN_ACTIVATION_NONE);
}

static void dropping(cnn_graph_t *g)
{
    cnn_node_t x = flatten(g, input(g, 4, 5, 3));
    x = dropout(g, dense(g, x, 12, CNN_ACTIVATION_LEAKY_RELU));
    x = dropout(g, dense(g, dense(g, x, 6, CNN_ACTIVATION_NONE), 8, CNN_ACTIVATION_RELU));
    dense(g, x, 2, CNN_ACTIVATION_NONE);
}

/* A dense layer with more inputs than one chunk of its sum, and a dense layer that the output does
 * not depend on. */
static void wide(cnn_graph_t *g)
{
    cnn_node_t in = input(g, 30, 50, 3);
    cnn_node_t x = flatten(g, in);
    dense(g, x, 5, CNN_ACTIVATION_RELU);
    x = dense(g, x, 3, CNN_ACTIVATION_RELU);
    dense(g, x, 1, CNN_ACTIVATION_SIGMOID);
}

static void (*const networks[LAYER_NETS])(cnn_graph_t *) = {
    article, residual,  resnet,    normalised, ends_in_block, pools,
    pooled,  odd_pools, flat_pool, dropping,   wide};

void layer_net_build(cnn_graph_t *graph, int index)
{
    networks[index](graph);
}

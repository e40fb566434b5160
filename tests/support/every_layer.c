/* SPDX-License-Identifier: MIT */
#include "support/every_layer.h"

#include <check.h>

#include "model/model.h"
#include "support/model_makers.h"

static cnn_node_t convolutions(cnn_graph_t *graph)
{
    const cnn_conv2d_options_t first = {.struct_size = sizeof first,
                                        .filters = 4,
                                        .padding = CNN_PADDING_SAME,
                                        .activation = CNN_ACTIVATION_LEAKY_RELU,
                                        .alpha = 0.1f,
                                        .initializer = CNN_INITIALIZER_HE_NORMAL};
    const cnn_conv2d_options_t second = {.struct_size = sizeof second,
                                         .name = "second",
                                         .filters = 5,
                                         .kernel_height = 2,
                                         .stride_width = 2,
                                         .padding = CNN_PADDING_EXPLICIT,
                                         .pad_top = 1,
                                         .pad_right = 2,
                                         .no_bias = 1,
                                         .initializer = CNN_INITIALIZER_GLOROT_UNIFORM};
    const cnn_pool2d_options_t pool = {.struct_size = sizeof pool,
                                       .pool_height = 3,
                                       .stride_height = 2,
                                       .padding = CNN_PADDING_SAME};
    const cnn_batch_norm_options_t norm = {
        .struct_size = sizeof norm, .momentum = 0.9f, .epsilon = 1e-5f};
    cnn_node_t node;

    ck_assert_int_eq(
        cnn_graph_add_input(graph, EVERY_LAYER_HEIGHT, EVERY_LAYER_WIDTH, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &first, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, &norm, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, &pool, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &second, &node), CNN_OK);
    return node;
}

cnn_graph_t *every_layer_graph(cnn_context_t *context)
{
    const cnn_pool2d_options_t average = {.struct_size = sizeof average,
                                          .padding = CNN_PADDING_EXPLICIT,
                                          .pad_bottom = 1,
                                          .pad_left = 1};
    const cnn_dense_options_t dense = {
        .struct_size = sizeof dense, .units = 5, .activation = CNN_ACTIVATION_SIGMOID};
    const cnn_dense_options_t output = {.struct_size = sizeof output,
                                        .name = "output",
                                        .units = EVERY_LAYER_CLASSES,
                                        .activation = CNN_ACTIVATION_SOFTMAX};
    cnn_graph_t *graph;
    cnn_node_t node, other;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    node = convolutions(graph);
    ck_assert_int_eq(
        cnn_graph_add_activation(graph, node, CNN_ACTIVATION_LEAKY_RELU, 0.3f, NULL, &other),
        CNN_OK);
    ck_assert_int_eq(cnn_graph_add_sum(graph, node, other, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_average_pool2d(graph, node, &average, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, node, NULL, &other), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dropout(graph, node, 0.3f, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_sum(graph, node, other, "sum", &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &output, &node), CNN_OK);
    return graph;
}

cnn_model_t *every_layer_model(cnn_context_t *context, const cnn_preprocess_t *preprocess)
{
    static const char *const names[EVERY_LAYER_CLASSES] = {"ant", "bee", "cat"};
    const cnn_model_options_t options = {.struct_size = sizeof options,
                                         .classes = names,
                                         .n_classes = EVERY_LAYER_CLASSES,
                                         .preprocess = preprocess,
                                         .seed = 3};
    cnn_model_t *model = model_of(every_layer_graph(context), &options);

    for (size_t i = 0; i < model->graph->statistics_size; i++)
        model->statistics[i] += 0.01f * (float)(i % 16);
    return model;
}

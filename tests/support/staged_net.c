/* SPDX-License-Identifier: MIT */
#include "support/staged_net.h"

#include <check.h>

#include "model/model.h"

static void ok(cnn_status_t status)
{
    ck_assert_msg(status == CNN_OK, "%s", cnn_error_message());
}

cnn_image_t *staged_photo(cnn_context_t *owner)
{
    uint8_t rgb[STAGED_HEIGHT * STAGED_WIDTH * 3];
    cnn_image_t *made;

    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i * 2654435761u >> 13);
    ck_assert_int_eq(cnn_image_create(owner, rgb, STAGED_HEIGHT, STAGED_WIDTH, 0, &made), CNN_OK);
    return made;
}

cnn_node_t staged_conv(cnn_graph_t *graph, cnn_node_t node, const char *name, uint32_t filters,
                       uint32_t size, cnn_padding_t padding, cnn_activation_t activation)
{
    const cnn_conv2d_options_t options = {.struct_size = sizeof options,
                                          .name = name,
                                          .filters = filters,
                                          .kernel_height = size,
                                          .kernel_width = size,
                                          .padding = padding,
                                          .activation = activation,
                                          .alpha = 0.2f};
    ok(cnn_graph_add_conv2d(graph, node, &options, &node));
    return node;
}

static cnn_node_t staged_pool(cnn_graph_t *graph, cnn_node_t node, const char *name,
                              uint32_t stride)
{
    const cnn_pool2d_options_t options = {.struct_size = sizeof options,
                                          .name = name,
                                          .stride_height = stride,
                                          .stride_width = stride};
    ok(cnn_graph_add_max_pool2d(graph, node, &options, &node));
    return node;
}

cnn_node_t staged_dense(cnn_graph_t *graph, cnn_node_t node, const char *name, uint32_t units,
                        cnn_activation_t activation)
{
    const cnn_dense_options_t options = {
        .struct_size = sizeof options, .name = name, .units = units, .activation = activation};
    ok(cnn_graph_add_dense(graph, node, &options, &node));
    return node;
}

const char *const staged_names[STAGED_COUNT] = {"a",    "norm", "pool_a", "b",  "pool_b",
                                                "drop", "flat", "hidden", "out"};

cnn_node_t staged_add(cnn_graph_t *graph, cnn_node_t node, int stage, cnn_activation_t output)
{
    const cnn_batch_norm_options_t norm = {.struct_size = sizeof norm, .name = "norm"};

    switch (stage) {
    case 0:
        return staged_conv(graph, node, "a", 5, 3, CNN_PADDING_SAME, CNN_ACTIVATION_RELU);
    case 1:
        ok(cnn_graph_add_batch_norm(graph, node, &norm, &node));
        return node;
    case 2:
        return staged_pool(graph, node, "pool_a", 2);
    case 3:
        return staged_conv(graph, node, "b", 6, 3, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    case 4:
        return staged_pool(graph, node, "pool_b", 1);
    case 5:
        ok(cnn_graph_add_dropout(graph, node, 0.4f, "drop", &node));
        return node;
    case 6:
        ok(cnn_graph_add_flatten(graph, node, "flat", &node));
        return node;
    case 7:
        return staged_dense(graph, node, "hidden", 7, CNN_ACTIVATION_RELU);
    default:
        return staged_dense(graph, node, "out", STAGED_CLASSES, output);
    }
}

cnn_model_t *staged_model_of(cnn_graph_t *graph)
{
    static const char *const names[] = {"ant", "bee", "cat"};
    const cnn_model_options_t options = {
        .struct_size = sizeof options, .classes = names, .n_classes = 3, .seed = 7};
    cnn_model_t *made;

    ok(cnn_model_create(graph, cd_graph_output(graph)->shape.c == 3 ? &options : NULL, &made));
    cnn_graph_free(graph);
    for (size_t i = 0; i < made->graph->statistics_size; i++)
        made->statistics[i] += 0.05f * (float)(i % 7);
    for (size_t i = 0; i < made->graph->n_params; i++) {
        const struct cd_param *param = &made->graph->params[i];
        for (size_t k = 0; param->role == CD_PARAM_BIAS && k < param->count; k++)
            made->weights[param->offset + k] = 0.1f * (float)(k % 5) - 0.15f;
    }
    return made;
}

cnn_model_t *staged_model(cnn_context_t *owner)
{
    cnn_graph_t *graph;
    cnn_node_t node;

    ok(cnn_graph_create(owner, &graph));
    ok(cnn_graph_add_input(graph, STAGED_HEIGHT, STAGED_WIDTH, 3, NULL, &node));
    for (int stage = 0; stage < STAGED_COUNT; stage++)
        node = staged_add(graph, node, stage, CNN_ACTIVATION_SOFTMAX);
    return staged_model_of(graph);
}

cnn_explanation_info_t staged_explain(const cnn_model_t *model, const cnn_image_t *photo,
                                      const char *class_name, const char *layer,
                                      cnn_explanation_t **explanation)
{
    const cnn_explanation_options_t options = {
        .struct_size = sizeof options, .class_name = class_name, .layer = layer};
    cnn_explanation_info_t info = {.struct_size = sizeof info};

    ok(cnn_explanation_create(model, photo, &options, explanation));
    ok(cnn_explanation_info(*explanation, &info));
    return info;
}

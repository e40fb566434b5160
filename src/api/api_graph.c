/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "graph/graph_build.h"
#include "graph/kinds.h"
#include "graph/preset.h"
#include "graph/summary.h"

static const float default_alpha = 0.01f;

static void set_default(uint32_t *value, uint32_t otherwise)
{
    if (*value == 0)
        *value = otherwise;
}

cnn_status_t cnn_graph_create(cnn_context_t *context, cnn_graph_t **graph)
{
    if (graph)
        *graph = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, graph);
    return cd_api_result(context, cd_graph_create(context, graph));
}

void cnn_graph_free(cnn_graph_t *graph)
{
    cd_graph_free(graph);
}

cnn_status_t cnn_graph_add_input(cnn_graph_t *graph, uint32_t height, uint32_t width,
                                 uint32_t channels, const char *name, cnn_node_t *node)
{
    const struct cd_shape shape = {height, width, channels};

    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context, cd_graph_add_input(graph, name, shape, node));
}

cnn_status_t cnn_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                  const cnn_conv2d_options_t *options, cnn_node_t *node)
{
    cnn_conv2d_options_t own;

    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    CD_API_TRY(graph->context, cd_options_read(__func__, options, &own, sizeof own));
    set_default(&own.kernel_height, 3);
    set_default(&own.kernel_width, 3);
    set_default(&own.stride_height, 1);
    set_default(&own.stride_width, 1);
    if (own.alpha == 0)
        own.alpha = default_alpha;
    return cd_api_result(graph->context, cd_graph_add_conv2d(graph, input, &own, node));
}

static cnn_status_t pool2d(const char *function, cnn_graph_t *graph, enum cd_node_type type,
                           cnn_node_t input, const cnn_pool2d_options_t *options, cnn_node_t *node)
{
    cnn_pool2d_options_t own;

    CD_TRY(cd_options_read(function, options, &own, sizeof own));
    set_default(&own.pool_height, 2);
    set_default(&own.pool_width, 2);
    set_default(&own.stride_height, own.pool_height);
    set_default(&own.stride_width, own.pool_width);
    return cd_graph_add_pool2d(graph, type, input, &own, node);
}

cnn_status_t cnn_graph_add_max_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                      const cnn_pool2d_options_t *options, cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context,
                         pool2d(__func__, graph, CD_NODE_MAX_POOL2D, input, options, node));
}

cnn_status_t cnn_graph_add_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                          const cnn_pool2d_options_t *options, cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context,
                         pool2d(__func__, graph, CD_NODE_AVERAGE_POOL2D, input, options, node));
}

cnn_status_t cnn_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                 const char *name, cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context, cd_graph_add_plain(graph, CD_NODE_GLOBAL_AVERAGE_POOL2D,
                                                            &input, name, node));
}

cnn_status_t cnn_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                   cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context,
                         cd_graph_add_plain(graph, CD_NODE_FLATTEN, &input, name, node));
}

cnn_status_t cnn_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                 const cnn_dense_options_t *options, cnn_node_t *node)
{
    cnn_dense_options_t own;

    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    CD_API_TRY(graph->context, cd_options_read(__func__, options, &own, sizeof own));
    if (own.alpha == 0)
        own.alpha = default_alpha;
    return cd_api_result(graph->context, cd_graph_add_dense(graph, input, &own, node));
}

cnn_status_t cnn_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                      cnn_activation_t activation, float alpha, const char *name,
                                      cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    if (alpha == 0)
        alpha = default_alpha;
    return cd_api_result(graph->context,
                         cd_graph_add_activation(graph, input, activation, alpha, name, node));
}

cnn_status_t cnn_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                   const char *name, cnn_node_t *node)
{
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context, cd_graph_add_dropout(graph, input, rate, name, node));
}

cnn_status_t cnn_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                      const cnn_batch_norm_options_t *options, cnn_node_t *node)
{
    cnn_batch_norm_options_t own;

    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    CD_API_TRY(graph->context, cd_options_read(__func__, options, &own, sizeof own));
    if (own.momentum == 0)
        own.momentum = 0.99f;
    if (own.epsilon == 0)
        own.epsilon = 0.001f;
    return cd_api_result(graph->context, cd_graph_add_batch_norm(graph, input, &own, node));
}

cnn_status_t cnn_graph_add_sum(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b, const char *name,
                               cnn_node_t *node)
{
    const cnn_node_t inputs[2] = {a, b};

    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, node);
    return cd_api_result(graph->context,
                         cd_graph_add_plain(graph, CD_NODE_ADD, inputs, name, node));
}

cnn_status_t cnn_graph_create_preset(cnn_context_t *context, const char *name, uint32_t height,
                                     uint32_t width, uint32_t outputs, cnn_graph_t **graph)
{
    if (graph)
        *graph = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, name);
    CD_REQUIRE(context, graph);
    set_default(&outputs, 1);
    return cd_api_result(context, cd_preset_graph(context, name, height, width, outputs, graph));
}

size_t cnn_preset_count(void)
{
    return cd_preset_count();
}

cnn_status_t cnn_preset_info(size_t index, cnn_preset_info_t *info)
{
    CD_API_TRY(NULL, cd_check_index(__func__, index, cd_preset_count()));
    const cnn_preset_info_t *preset = cd_preset_at(index);
    return cd_api_result(NULL, cd_result_write(__func__, preset, sizeof *preset, info));
}

size_t cnn_graph_layer_count(const cnn_graph_t *graph)
{
    return graph ? graph->n_nodes : 0;
}

cnn_status_t cnn_graph_layer(const cnn_graph_t *graph, size_t index, cnn_layer_info_t *info)
{
    CD_REQUIRE(NULL, graph);
    CD_API_TRY(graph->context, cd_check_index(__func__, index, graph->n_nodes));
    const struct cd_node *node = &graph->nodes[index];
    const cnn_layer_info_t own = {
        .name = node->name,
        .type = cd_kind_of(node)->name,
        .height = (uint32_t)node->shape.h,
        .width = (uint32_t)node->shape.w,
        .channels = (uint32_t)node->shape.c,
        .parameters = cd_node_parameters(graph, index),
        .multiply_adds = cd_node_multiply_adds(graph, index),
        .output_bytes = (uint64_t)cd_shape_size(node->shape) * sizeof(float),
    };
    return cd_api_result(graph->context, cd_result_write(__func__, &own, sizeof own, info));
}

size_t cnn_graph_summary(const cnn_graph_t *graph, char *text, size_t size)
{
    if (text && size > 0)
        text[0] = '\0';
    return graph ? cd_graph_summary(graph, text, text ? size : 0) : 0;
}

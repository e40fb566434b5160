/* SPDX-License-Identifier: MIT */
#include "support/model_makers.h"

#include <check.h>

#include "model/model.h"

cnn_graph_t *preset_graph(cnn_context_t *context, const char *name, uint32_t h, uint32_t w,
                          uint32_t outputs)
{
    cnn_graph_t *graph;

    ck_assert_int_eq(cnn_graph_create_preset(context, name, h, w, outputs, &graph), CNN_OK);
    return graph;
}

cnn_graph_t *convolution_graph(cnn_context_t *context, uint32_t c, uint32_t filters,
                               cnn_initializer_t initializer)
{
    const cnn_conv2d_options_t conv = {
        .struct_size = sizeof conv, .filters = filters, .initializer = initializer};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 5, 5, c, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    return graph;
}

cnn_model_t *model_of(cnn_graph_t *graph, const cnn_model_options_t *options)
{
    cnn_model_t *model;
    const cnn_status_t rc = cnn_model_create(graph, options, &model);

    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    cnn_graph_free(graph);
    return model;
}

cnn_session_t *session_of(const cnn_model_t *model, uint32_t batch)
{
    const cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = batch};
    cnn_session_t *session;

    ck_assert_int_eq(cnn_session_create(model, &options, &session), CNN_OK);
    return session;
}

void check_same_values(const cnn_model_t *a, const cnn_model_t *b)
{
    ck_assert_uint_eq(a->graph->trainable_size, b->graph->trainable_size);
    ck_assert_uint_eq(a->graph->statistics_size, b->graph->statistics_size);
    ck_assert_mem_eq(a->weights, b->weights, a->graph->trainable_size * sizeof(float));
    ck_assert_mem_eq(a->statistics, b->statistics, a->graph->statistics_size * sizeof(float));
}

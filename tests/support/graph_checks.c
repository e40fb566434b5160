/* SPDX-License-Identifier: MIT */
#include "support/graph_checks.h"

#include <check.h>

cnn_node_t graph_input(cnn_graph_t *graph, uint32_t h, uint32_t w, uint32_t c)
{
    cnn_node_t node = 99;

    ck_assert_int_eq(cnn_graph_add_input(graph, h, w, c, NULL, &node), CNN_OK);
    return node;
}

void graph_check_shape(const cnn_graph_t *graph, cnn_node_t node, uint32_t h, uint32_t w,
                       uint32_t c)
{
    cnn_layer_info_t info = {.struct_size = sizeof info};

    ck_assert_int_eq(cnn_graph_layer(graph, node, &info), CNN_OK);
    ck_assert_uint_eq(info.height, h);
    ck_assert_uint_eq(info.width, w);
    ck_assert_uint_eq(info.channels, c);
    ck_assert_uint_eq(info.output_bytes, (uint64_t)h * w * c * 4);
}

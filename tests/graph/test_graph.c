/* SPDX-License-Identifier: MIT
 *
 * Layers of a graph: their shapes, parameters and names. */
#include <check.h>

#include "graph/graph.h"
#include "graph/graph_build.h"
#include "support/failing_allocator.h"
#include "support/graph_checks.h"

static cnn_context_t *context;
static cnn_graph_t *graph;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
}

static void teardown(void)
{
    cnn_graph_free(graph);
    cnn_context_free(context);
}

START_TEST(convolution_shapes)
{
    static const struct {
        uint32_t h, w, kh, kw, sh, sw;
        cnn_padding_t padding;
        uint32_t pads[4];
        uint32_t oh, ow;
    } cases[] = {
        {7, 9, 0, 0, 0, 0, CNN_PADDING_VALID, {0}, 5, 7},
        {7, 9, 5, 3, 2, 3, CNN_PADDING_VALID, {0}, 2, 3},
        {7, 8, 3, 3, 1, 1, CNN_PADDING_SAME, {0}, 7, 8},
        {7, 8, 3, 3, 2, 2, CNN_PADDING_SAME, {0}, 4, 4},
        {7, 8, 2, 4, 3, 5, CNN_PADDING_SAME, {0}, 3, 2},
        {1, 1, 5, 5, 1, 1, CNN_PADDING_SAME, {0}, 1, 1},
        {5, 5, 1, 1, 3, 3, CNN_PADDING_SAME, {0}, 2, 2},
        {3, 4, 3, 3, 1, 1, CNN_PADDING_EXPLICIT, {1, 2, 0, 5}, 4, 7},
        {1, 1, 3, 3, 1, 1, CNN_PADDING_EXPLICIT, {2, 0, 0, 2}, 1, 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cnn_conv2d_options_t o = {.struct_size = sizeof o, .filters = 5};
        cnn_node_t node;
        teardown();
        setup();
        o.kernel_height = cases[i].kh;
        o.kernel_width = cases[i].kw;
        o.stride_height = cases[i].sh;
        o.stride_width = cases[i].sw;
        o.padding = cases[i].padding;
        o.pad_top = cases[i].pads[0];
        o.pad_bottom = cases[i].pads[1];
        o.pad_left = cases[i].pads[2];
        o.pad_right = cases[i].pads[3];
        graph_input(graph, cases[i].h, cases[i].w, 2);
        ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &o, &node), CNN_OK);
        ck_assert_uint_eq(node, 1);
        graph_check_shape(graph, node, cases[i].oh, cases[i].ow, 5);
    }
}
END_TEST

/* TensorFlow puts the odd row of "same" below and the odd column to the right. */
START_TEST(same_padding_is_tensorflows)
{
    static const struct {
        uint32_t in, size, stride;
        size_t before, after;
    } cases[] = {{7, 3, 1, 1, 1}, {8, 3, 2, 0, 1}, {7, 3, 2, 1, 1}, {8, 4, 1, 1, 2},
                 {7, 2, 2, 0, 1}, {8, 5, 3, 1, 2}, {9, 1, 4, 0, 0}, {1, 4, 1, 1, 2}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cnn_pool2d_options_t o = {.struct_size = sizeof o, .padding = CNN_PADDING_SAME};
        cnn_node_t node;
        teardown();
        setup();
        o.pool_height = cases[i].size;
        o.stride_height = cases[i].stride;
        o.pool_width = 1;
        graph_input(graph, cases[i].in, 6, 2);
        ck_assert_int_eq(cnn_graph_add_average_pool2d(graph, 0, &o, &node), CNN_OK);
        const struct cd_window *window = &graph->nodes[node].window;
        ck_assert_uint_eq(window->top, cases[i].before);
        ck_assert_uint_eq(window->bottom, cases[i].after);
        ck_assert_uint_eq(window->left + window->right, 0);
        graph_check_shape(graph, node, (cases[i].in + cases[i].stride - 1) / cases[i].stride, 6, 2);
    }
}
END_TEST

START_TEST(other_shapes)
{
    const cnn_pool2d_options_t padded = {.struct_size = sizeof padded,
                                         .pool_height = 3,
                                         .pool_width = 3,
                                         .stride_height = 2,
                                         .stride_width = 1,
                                         .padding = CNN_PADDING_EXPLICIT,
                                         .pad_top = 1,
                                         .pad_right = 2};
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 4};
    cnn_node_t node, sum;

    graph_input(graph, 7, 10, 3);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, 0, NULL, &node), CNN_OK);
    graph_check_shape(graph, node, 3, 5, 3);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, 0, &padded, &node), CNN_OK);
    graph_check_shape(graph, node, 3, 10, 3);
    ck_assert_int_eq(
        cnn_graph_add_activation(graph, node, CNN_ACTIVATION_LEAKY_RELU, 0, NULL, &sum), CNN_OK);
    ck_assert(graph->nodes[sum].alpha == 0.01f);
    ck_assert_int_eq(cnn_graph_add_sum(graph, node, sum, NULL, &sum), CNN_OK);
    graph_check_shape(graph, sum, 3, 10, 3);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, sum, NULL, &node), CNN_OK);
    graph_check_shape(graph, node, 3, 10, 3);
    ck_assert(graph->nodes[node].momentum == 0.99f && graph->nodes[node].epsilon == 0.001f);
    ck_assert_int_eq(cnn_graph_add_dropout(graph, node, 0.5f, NULL, &node), CNN_OK);
    graph_check_shape(graph, node, 3, 10, 3);
    ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, node, NULL, &sum), CNN_OK);
    graph_check_shape(graph, sum, 1, 1, 3);
    ck_assert_uint_eq(graph->nodes[sum].window.kh, 3);
    ck_assert_uint_eq(graph->nodes[sum].window.kw, 10);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    graph_check_shape(graph, node, 1, 1, 90);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    graph_check_shape(graph, node, 1, 1, 4);
}
END_TEST

/* Names, shapes and places of the parameters. */
START_TEST(parameters_of_layers)
{
    cnn_conv2d_options_t conv = {
        .struct_size = sizeof conv, .filters = 5, .kernel_height = 2, .no_bias = 1};
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .name = "head", .units = 7};
    const struct cd_param *p;
    cnn_node_t node;

    graph_input(graph, 4, 4, 3);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    ck_assert_uint_eq(graph->n_params, 7);

    p = cd_graph_param(graph, "conv2d/kernel");
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->rank, 4);
    ck_assert_uint_eq(p->dims[0], 2);
    ck_assert_uint_eq(p->dims[1], 3);
    ck_assert_uint_eq(p->dims[2], 3);
    ck_assert_uint_eq(p->dims[3], 5);
    ck_assert_uint_eq(p->count, 90);
    ck_assert_uint_eq(p->fan_in, 18);
    ck_assert_uint_eq(p->fan_out, 30);
    ck_assert_ptr_null(cd_graph_param(graph, "conv2d/bias"));

    p = cd_graph_param(graph, "batch_norm/moving_variance");
    ck_assert_ptr_nonnull(p);
    ck_assert_int_eq(p->trainable, 0);
    ck_assert_uint_eq(p->offset, 16); /* it follows 5 means, at the next multiple of 16 */
    ck_assert_uint_eq(graph->statistics_size, 32);

    p = cd_graph_param(graph, "head/kernel"); /* it follows 90, 5 and 5 values */
    ck_assert_ptr_nonnull(p);
    ck_assert_uint_eq(p->offset, 96 + 16 + 16);
    ck_assert_uint_eq(p->dims[0], 30);
    ck_assert_uint_eq(p->dims[1], 7);
    ck_assert_uint_eq(p->fan_in, 30);
    ck_assert_uint_eq(p->fan_out, 7);
    ck_assert_uint_eq(graph->trainable_size, 128 + 224 + 16); /* 30 * 7 = 210, and the bias */
}
END_TEST

START_TEST(default_names)
{
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 1};
    cnn_conv2d_options_t named = {.struct_size = sizeof named, .filters = 1, .name = "conv2d_7"};
    static const char *const expected[] = {"input",      "conv2d",         "conv2d_1",
                                           "flatten",    "conv2d_7",       "conv2d_8",
                                           "max_pool2d", "average_pool2d", "global_average_pool2d"};
    cnn_node_t node;

    graph_input(graph, 20, 20, 1);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, 0, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &named, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, 0, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_average_pool2d(graph, 0, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, 0, NULL, &node), CNN_OK);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cnn_layer_info_t info = {.struct_size = sizeof info};
        ck_assert_int_eq(cnn_graph_layer(graph, i, &info), CNN_OK);
        ck_assert_str_eq(info.name, expected[i]);
    }
}
END_TEST

/* A name that the library has returned stays where it is while the graph grows. */
START_TEST(names_do_not_move)
{
    cnn_layer_info_t info = {.struct_size = sizeof info};
    cnn_node_t node;

    graph_input(graph, 3, 3, 1);
    ck_assert_int_eq(cnn_graph_layer(graph, 0, &info), CNN_OK);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(cnn_graph_add_dropout(graph, 0, 0, NULL, &node), CNN_OK);
    ck_assert_str_eq(info.name, "input");
    ck_assert_str_eq(graph->nodes[100].name, "dropout_99");
}
END_TEST

/* Whichever allocation fails, the status is MEMORY and nothing leaks. */
START_TEST(without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    int failed = 1;

    for (size_t n = 1; failed; n++) {
        cnn_graph_t *net, *copy = NULL;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_graph_create_preset(own, "conv64-128", 94, 125, 1, &net);
        if (rc == CNN_OK)
            rc = cd_graph_copy(net, &copy);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        ck_assert(!failed == (copy != NULL));
        cnn_graph_free(net);
        cnn_graph_free(copy);
    }
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

START_TEST(copy_is_equal)
{
    cnn_graph_t *net, *copy;

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv48x2", 30, 40, 2, &net), CNN_OK);
    ck_assert_int_eq(cd_graph_copy(net, &copy), CNN_OK);
    char first[4096], second[4096];
    ck_assert_uint_lt(cnn_graph_summary(net, first, sizeof first), sizeof first);
    cnn_graph_free(net);
    cnn_graph_summary(copy, second, sizeof second);
    ck_assert_str_eq(first, second);
    ck_assert_str_eq(copy->preset, "conv48x2");
    cnn_graph_free(copy);
}
END_TEST

Suite *suite_graph(void)
{
    Suite *suite = suite_create("graph");
    TCase *tests = tcase_create("layers");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, convolution_shapes);
    tcase_add_test(tests, same_padding_is_tensorflows);
    tcase_add_test(tests, other_shapes);
    tcase_add_test(tests, parameters_of_layers);
    tcase_add_test(tests, default_names);
    tcase_add_test(tests, names_do_not_move);
    tcase_add_test(tests, without_memory);
    tcase_add_test(tests, copy_is_equal);
    suite_add_tcase(suite, tests);
    return suite;
}

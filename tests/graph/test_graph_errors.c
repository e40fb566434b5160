/* SPDX-License-Identifier: MIT
 *
 * Layers that a graph refuses: the status, the names in the message, and the unchanged graph. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graph/graph_build.h"
#include "graph/kinds.h"
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

/* Checks the status of a failed call, two parts of its message, and that the graph still has as
 * many layers. */
static void check_refused(cnn_status_t status, cnn_status_t expected, size_t layers,
                          const char *part, const char *other)
{
    ck_assert_msg(status == expected, "status %d, not %d: %s", status, expected,
                  cnn_error_message());
    ck_assert_msg(strstr(cnn_error_message(), part) != NULL, "no \"%s\" in: %s", part,
                  cnn_error_message());
    ck_assert_msg(strstr(cnn_error_message(), other) != NULL, "no \"%s\" in: %s", other,
                  cnn_error_message());
    ck_assert_uint_eq(cnn_graph_layer_count(graph), layers);
}

START_TEST(bad_names)
{
    static const char *const bad[] = {
        "",         "a b", "a/b",
        "\xc3\xa4", "a:",  "0123456789012345678901234567890123456789012345678901234567890123"};
    cnn_node_t node;

    graph_input(graph, 3, 3, 1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_refused(cnn_graph_add_flatten(graph, 0, bad[i], &node), CNN_ERROR_ARGUMENT, 1,
                      "flatten", "name");
    /* 63 letters are allowed */
    ck_assert_int_eq(cnn_graph_add_flatten(graph, 0, bad[5] + 1, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, 0, "A_-.9", &node), CNN_OK);
    check_refused(cnn_graph_add_dropout(graph, 0, 0, "A_-.9", &node), CNN_ERROR_ARGUMENT, 3,
                  "A_-.9", "already");
}
END_TEST

START_TEST(wrong_order)
{
    cnn_node_t node = 7;

    check_refused(cnn_graph_add_flatten(graph, 0, NULL, &node), CNN_ERROR_ARGUMENT, 0, "flatten",
                  "no input");
    graph_input(graph, 3, 4, 1);
    check_refused(cnn_graph_add_input(graph, 5, 5, 1, NULL, &node), CNN_ERROR_ARGUMENT, 1, "input",
                  "3 x 4 x 1");
    check_refused(cnn_graph_add_flatten(graph, 1, NULL, &node), CNN_ERROR_ARGUMENT, 1, "flatten",
                  "1");
    check_refused(cnn_graph_add_sum(graph, 0, 0xffffffffu, NULL, &node), CNN_ERROR_ARGUMENT, 1,
                  "add", "4294967295");
    ck_assert_uint_eq(node, 7);
}
END_TEST

START_TEST(shapes_that_do_not_fit)
{
    cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 4, .kernel_height = 5};
    cnn_pool2d_options_t pool = {.struct_size = sizeof pool, .pool_height = 2, .pool_width = 5};
    cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 2};
    cnn_node_t node;

    graph_input(graph, 4, 6, 3);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, 0, NULL, &node), CNN_OK); /* 2 x 3 x 3 */
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_SHAPE, 2, "\"conv2d\"",
                  "5 x 3 is larger than the padded input 4 x 6 (input 4 x 6 x 3)");
    conv.padding = CNN_PADDING_EXPLICIT;
    conv.pad_top = 1;
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_OK);
    check_refused(cnn_graph_add_average_pool2d(graph, 1, &pool, &node), CNN_ERROR_SHAPE, 3,
                  "\"average_pool2d\"", "2 x 5 is larger than the padded input 2 x 3");
    check_refused(cnn_graph_add_dense(graph, 1, &dense, &node), CNN_ERROR_SHAPE, 3, "\"dense\"",
                  "2 x 3 x 3 is not flat");
    check_refused(cnn_graph_add_sum(graph, 0, 1, NULL, &node), CNN_ERROR_SHAPE, 3,
                  "\"input\" 4 x 6 x 3", "\"max_pool2d\" 2 x 3 x 3");
    conv.pad_left = 70000;
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_ARGUMENT, 3, "conv2d_1",
                  "70000");
    conv.pad_left = 0;
    conv.padding = CNN_PADDING_SAME;
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_ARGUMENT, 3, "conv2d_1",
                  "EXPLICIT");
    pool.padding = CNN_PADDING_EXPLICIT;
    pool.pad_bottom = 2;
    check_refused(cnn_graph_add_max_pool2d(graph, 0, &pool, &node), CNN_ERROR_ARGUMENT, 3,
                  "max_pool2d_1", "2 x 5");
    pool.pad_bottom = 1;
    pool.pad_left = 4;
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, 0, &pool, &node), CNN_OK);
}
END_TEST

START_TEST(sizes_that_overflow)
{
    cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 0xffffffffu};
    cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 0x7fffffffu};
    cnn_node_t node;

    check_refused(cnn_graph_add_input(graph, 0, 5, 3, NULL, &node), CNN_ERROR_SHAPE, 0, "input",
                  "0 x 5 x 3");
    check_refused(cnn_graph_add_input(graph, 0xffffffffu, 0xffffffffu, 0xffffffffu, NULL, &node),
                  CNN_ERROR_SHAPE, 0, "input", "4294967295 x 4294967295 x 4294967295");
    check_refused(cnn_graph_add_input(graph, 65536, 32768, 1, NULL, &node), CNN_ERROR_SHAPE, 0,
                  "input", "65536");
    graph_input(graph, 32767, 65535, 1);
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_SHAPE, 1, "conv2d",
                  "4294967295");
    conv.filters = 2;
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_SHAPE, 1, "conv2d",
                  "32765 x 65533 x 2");
    ck_assert_int_eq(cnn_graph_add_flatten(graph, 0, NULL, &node), CNN_OK);
    check_refused(cnn_graph_add_dense(graph, node, &dense, &node), CNN_ERROR_SHAPE, 2, "dense",
                  "2147385345 x 2147483647");
    dense.units = 1;
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    ck_assert_uint_eq(cd_node_multiply_adds(graph, node), 2147385345u);
}
END_TEST

START_TEST(values_out_of_range)
{
    cnn_conv2d_options_t conv = {.struct_size = sizeof conv};
    cnn_dense_options_t dense = {.struct_size = sizeof dense};
    cnn_batch_norm_options_t norm = {.struct_size = sizeof norm, .momentum = 1};
    cnn_node_t node;

    graph_input(graph, 1, 1, 3);
    check_refused(cnn_graph_add_conv2d(graph, 0, NULL, &node), CNN_ERROR_ARGUMENT, 1, "conv2d",
                  "filters");
    check_refused(cnn_graph_add_dense(graph, 0, &dense, &node), CNN_ERROR_ARGUMENT, 1, "dense",
                  "units");
    dense.units = 1;
    dense.activation = (cnn_activation_t)5;
    check_refused(cnn_graph_add_dense(graph, 0, &dense, &node), CNN_ERROR_ARGUMENT, 1, "dense",
                  "activation 5");
    dense.activation = CNN_ACTIVATION_LEAKY_RELU;
    dense.alpha = -1;
    check_refused(cnn_graph_add_dense(graph, 0, &dense, &node), CNN_ERROR_ARGUMENT, 1, "dense",
                  "alpha");
    dense.alpha = (float)NAN;
    check_refused(cnn_graph_add_dense(graph, 0, &dense, &node), CNN_ERROR_ARGUMENT, 1, "dense",
                  "alpha");
    dense.alpha = 0;
    dense.initializer = (cnn_initializer_t)-1;
    check_refused(cnn_graph_add_dense(graph, 0, &dense, &node), CNN_ERROR_ARGUMENT, 1, "dense",
                  "initializer -1");
    conv.filters = 1;
    conv.padding = (cnn_padding_t)3;
    check_refused(cnn_graph_add_conv2d(graph, 0, &conv, &node), CNN_ERROR_ARGUMENT, 1, "conv2d",
                  "padding 3");
    check_refused(cnn_graph_add_dropout(graph, 0, 1, NULL, &node), CNN_ERROR_ARGUMENT, 1, "dropout",
                  "1");
    check_refused(cnn_graph_add_dropout(graph, 0, (float)NAN, NULL, &node), CNN_ERROR_ARGUMENT, 1,
                  "dropout", "rate");
    check_refused(cnn_graph_add_batch_norm(graph, 0, &norm, &node), CNN_ERROR_ARGUMENT, 1,
                  "batch_norm", "momentum");
    norm.momentum = 0;
    norm.epsilon = -1;
    check_refused(cnn_graph_add_batch_norm(graph, 0, &norm, &node), CNN_ERROR_ARGUMENT, 1,
                  "batch_norm", "epsilon");
}
END_TEST

START_TEST(null_arguments)
{
    cnn_node_t node;
    cnn_graph_t *other = graph;

    ck_assert_int_eq(cnn_graph_create(NULL, &other), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(other);
    ck_assert_int_eq(cnn_graph_create(context, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_graph_add_input(NULL, 1, 1, 1, NULL, &node), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 1, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_graph_create_preset(context, NULL, 1, 1, 1, &other), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_graph_layer(graph, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_uint_eq(cnn_graph_layer_count(NULL), 0);
    cnn_graph_free(NULL);
}
END_TEST

START_TEST(too_many_layers)
{
    cnn_node_t node = graph_input(graph, 1, 1, 1);

    for (int i = 1; i < CD_GRAPH_MAX_NODES; i++) {
        char name[32];
        snprintf(name, sizeof name, "d%d", i);
        ck_assert_int_eq(cnn_graph_add_dropout(graph, node, 0, name, &node), CNN_OK);
    }
    check_refused(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_ERROR_ARGUMENT,
                  CD_GRAPH_MAX_NODES, "flatten", "4096");
}
END_TEST

Suite *suite_graph_errors(void)
{
    Suite *suite = suite_create("graph_errors");
    TCase *tests = tcase_create("errors");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, bad_names);
    tcase_add_test(tests, wrong_order);
    tcase_add_test(tests, shapes_that_do_not_fit);
    tcase_add_test(tests, sizes_that_overflow);
    tcase_add_test(tests, values_out_of_range);
    tcase_add_test(tests, null_arguments);
    tcase_add_test(tests, too_many_layers);
    suite_add_tcase(suite, tests);
    return suite;
}

/* SPDX-License-Identifier: MIT
 *
 * The article's five networks. */
#include <check.h>
#include <string.h>

#include "graph/graph.h"
#include "graph/preset.h"
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

/* Checks the status of a refused preset and two parts of the message. */
static void check_refused(cnn_status_t status, cnn_status_t expected, const char *part,
                          const char *other)
{
    ck_assert_int_eq(status, expected);
    ck_assert_msg(strstr(cnn_error_message(), part) != NULL, "no \"%s\" in: %s", part,
                  cnn_error_message());
    ck_assert_msg(strstr(cnn_error_message(), other) != NULL, "no \"%s\" in: %s", other,
                  cnn_error_message());
}

/* Parameters and multiply-adds of the presets for 94 x 125 photos, calculated by hand:
 * conv24: 92 x 123 -> 46 x 61 -> 46 * 61 * 24 = 67,344.
 * two convolutions: -> 44 x 59 -> 22 x 29 = 638 positions. */
START_TEST(preset_numbers)
{
    static const struct {
        const char *name;
        uint32_t batch;
        uint64_t parameters, multiply_adds;
        size_t layers;
    } cases[] = {
        {"mlp", 32, 35250ull * 512 + 512 + 513, 35250ull * 512 + 512, 4},
        {"conv24", 32, 27 * 24 + 24 + 67344ull * 128 + 128 + 128 * 128 + 128 + 129,
         92ull * 123 * 27 * 24 + 67344ull * 128 + 128 * 128 + 128, 7},
        {"conv48x2", 64,
         27 * 48 + 48 + 9 * 48 * 48 + 48 + 638ull * 48 * 256 + 256 + 256 * 256 + 256 + 257,
         92ull * 123 * 27 * 48 + 44ull * 59 * 9 * 48 * 48 + 638ull * 48 * 256 + 256 * 256 + 256, 9},
        {"conv128x2", 64,
         27 * 128 + 128 + 9 * 128 * 128 + 128 + 638ull * 128 * 256 + 256 + 256 * 256 + 256 + 257,
         92ull * 123 * 27 * 128 + 44ull * 59 * 9 * 128 * 128 + 638ull * 128 * 256 + 256 * 256 + 256,
         9},
        {"conv64-128", 64,
         27 * 64 + 64 + 9 * 64 * 128 + 128 + 81664ull * 512 + 512 + 512 * 512 + 512 + 513,
         92ull * 123 * 27 * 64 + 44ull * 59 * 9 * 64 * 128 + 81664ull * 512 + 512 * 512 + 512, 9},
    };

    ck_assert_uint_eq(cnn_preset_count(), 5);
    for (size_t i = 0; i < 5; i++) {
        cnn_preset_info_t info = {.struct_size = sizeof info};
        cnn_graph_t *net;
        uint64_t parameters = 0, multiply_adds = 0;

        ck_assert_int_eq(cnn_preset_info(i, &info), CNN_OK);
        ck_assert_str_eq(info.name, cases[i].name);
        ck_assert_uint_eq(info.batch_size, cases[i].batch);
        ck_assert(info.learning_rate > 0 && info.epochs > 0);
        ck_assert_int_eq(cnn_graph_create_preset(context, info.name, 94, 125, 0, &net), CNN_OK);
        ck_assert_uint_eq(cnn_graph_layer_count(net), cases[i].layers);
        ck_assert_str_eq(net->preset, info.name);
        for (size_t k = 0; k < cases[i].layers; k++) {
            cnn_layer_info_t layer = {.struct_size = sizeof layer};
            ck_assert_int_eq(cnn_graph_layer(net, k, &layer), CNN_OK);
            parameters += layer.parameters;
            multiply_adds += layer.multiply_adds;
        }
        ck_assert_uint_eq(parameters, cases[i].parameters);
        ck_assert_uint_eq(multiply_adds, cases[i].multiply_adds);
        ck_assert_int_eq(cd_graph_output(net)->activation, CNN_ACTIVATION_SIGMOID);
        ck_assert_uint_eq(cd_graph_output(net)->shape.c, 1);
        cnn_graph_free(net);
    }
    cnn_preset_info_t info = {.struct_size = sizeof info};
    ck_assert_int_eq(cnn_preset_info(5, &info), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preset_info(4, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(preset_layers)
{
    static const uint32_t shapes[][3] = {{94, 125, 3},  {92, 123, 64}, {46, 61, 64},
                                         {44, 59, 128}, {22, 29, 128}, {1, 1, 81664},
                                         {1, 1, 512},   {1, 1, 512},   {1, 1, 1}};
    cnn_node_t node;

    cnn_graph_free(graph);
    ck_assert_int_eq(cnn_graph_create_preset(context, "conv64-128", 94, 125, 1, &graph), CNN_OK);
    for (uint32_t i = 0; i < 9; i++)
        graph_check_shape(graph, i, shapes[i][0], shapes[i][1], shapes[i][2]);
    ck_assert_int_eq(graph->nodes[1].activation, CNN_ACTIVATION_RELU);
    ck_assert_int_eq(graph->nodes[7].activation, CNN_ACTIVATION_RELU);
    /* A preset with one more layer is no preset. */
    ck_assert_int_eq(cnn_graph_add_dropout(graph, 8, 0.5f, NULL, &node), CNN_OK);
    ck_assert_str_eq(graph->preset, "");
    cnn_graph_free(graph);
    ck_assert_int_eq(cnn_graph_create_preset(context, "mlp", 10, 10, 3, &graph), CNN_OK);
    ck_assert_int_eq(cd_graph_output(graph)->activation, CNN_ACTIVATION_SOFTMAX);
    ck_assert_uint_eq(cd_graph_output(graph)->shape.c, 3);
}
END_TEST

START_TEST(preset_refused)
{
    cnn_graph_t *net = graph;

    check_refused(cnn_graph_create_preset(context, "conv", 94, 125, 1, &net), CNN_ERROR_ARGUMENT,
                  "\"conv\"", "mlp, conv24, conv48x2, conv128x2, conv64-128");
    ck_assert_ptr_null(net);
    check_refused(cnn_graph_create_preset(context, "conv48x2", 5, 50, 1, &net), CNN_ERROR_SHAPE,
                  "conv2d_1", "1 x 24");
    ck_assert_ptr_null(net);
    ck_assert_ptr_null(cd_preset_find(""));
}
END_TEST

Suite *suite_preset(void)
{
    Suite *suite = suite_create("preset");
    TCase *tests = tcase_create("presets");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, preset_numbers);
    tcase_add_test(tests, preset_layers);
    tcase_add_test(tests, preset_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

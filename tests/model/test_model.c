/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"
#include "support/model_makers.h"

static cnn_context_t *context;

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3, .seed = 42};
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* ---- classes and preprocessing ---- */

START_TEST(default_classes)
{
    cnn_model_t *model = model_of(preset_graph(context, "mlp", 4, 4, 1), NULL);

    ck_assert_uint_eq(cnn_model_class_count(model), 2);
    ck_assert_str_eq(cnn_model_class_name(model, 0), "0");
    ck_assert_str_eq(cnn_model_class_name(model, 1), "1");
    ck_assert_ptr_null(cnn_model_class_name(model, 2));
    cnn_model_free(model);
    model = model_of(preset_graph(context, "mlp", 4, 4, 11), NULL);
    ck_assert_uint_eq(cnn_model_class_count(model), 11);
    ck_assert_str_eq(cnn_model_class_name(model, 10), "10");
    cnn_model_free(model);
}
END_TEST

static void check_refused(cnn_graph_t *graph, const cnn_model_options_t *options,
                          cnn_status_t expected, const char *message)
{
    cnn_model_t *model = (cnn_model_t *)1;
    cnn_status_t rc = cnn_model_create(graph, options, &model);

    ck_assert_msg(rc == expected, "status %d: %s", rc, cnn_error_message());
    ck_assert_ptr_null(model);
    ck_assert_msg(strstr(cnn_error_message(), message) != NULL, "no \"%s\" in: %s", message,
                  cnn_error_message());
    cnn_graph_free(graph);
}

START_TEST(classes_refused)
{
    const char *names[3] = {"dog", "cat", "cat"};
    cnn_model_options_t options = {.struct_size = sizeof options, .classes = names};

    check_refused(preset_graph(context, "mlp", 4, 4, 1), &options, CNN_ERROR_ARGUMENT,
                  "given together");
    options.n_classes = 3;
    check_refused(preset_graph(context, "mlp", 4, 4, 1), &options, CNN_ERROR_SHAPE,
                  "3 classes do not fit the 1 outputs of layer \"dense_1\": it needs 2");
    check_refused(preset_graph(context, "mlp", 4, 4, 3), &options, CNN_ERROR_ARGUMENT,
                  "the name \"cat\"");
    names[2] = "";
    check_refused(preset_graph(context, "mlp", 4, 4, 3), &options, CNN_ERROR_ARGUMENT,
                  "class 2 has no name");
    names[2] = NULL;
    check_refused(preset_graph(context, "mlp", 4, 4, 3), &options, CNN_ERROR_ARGUMENT,
                  "class 2 has no name");
    names[2] = "caf\xe9";
    check_refused(preset_graph(context, "mlp", 4, 4, 3), &options, CNN_ERROR_ARGUMENT,
                  "class 2 is not UTF-8");
    check_refused(convolution_graph(context, 3, 3, 0), &options, CNN_ERROR_SHAPE,
                  "cannot have classes");
    options.classes = NULL;
    check_refused(preset_graph(context, "mlp", 4, 4, 3), &options, CNN_ERROR_ARGUMENT,
                  "given together");
}
END_TEST

START_TEST(other_refusals)
{
    cnn_model_options_t options = {.struct_size = sizeof options,
                                   .initializer = (cnn_initializer_t)3};
    cnn_graph_t *graph;
    cnn_node_t node;

    check_refused(preset_graph(context, "mlp", 4, 4, 1), &options, CNN_ERROR_ARGUMENT,
                  "initializer 3");
    options.struct_size = 0;
    check_refused(preset_graph(context, "mlp", 4, 4, 1), &options, CNN_ERROR_ARGUMENT,
                  "struct_size");
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 3, NULL, &node), CNN_OK);
    check_refused(graph, NULL, CNN_ERROR_ARGUMENT, "no layers");
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    check_refused(graph, NULL, CNN_ERROR_ARGUMENT, "no layers");
    ck_assert_int_eq(cnn_model_create(NULL, NULL, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(preprocess)
{
    cnn_preprocess_t given = {.struct_size = sizeof given, .fit = CNN_FIT_CROP, .std = {2, 0, 0}};
    const cnn_model_options_t options = {.struct_size = sizeof options, .preprocess = &given};
    cnn_preprocess_t got = {.struct_size = sizeof got};
    cnn_model_t *model = model_of(preset_graph(context, "mlp", 20, 33, 1), NULL);

    ck_assert_int_eq(cnn_model_preprocess(model, &got), CNN_OK);
    ck_assert(got.height == 20 && got.width == 33 && got.fit == CNN_FIT_SQUASH);
    ck_assert(got.mean[1] == 0 && got.std[0] == 1 && got.std[2] == 1);
    cnn_model_free(model);
    model = model_of(preset_graph(context, "mlp", 20, 33, 1), &options);
    ck_assert_int_eq(cnn_model_preprocess(model, &got), CNN_OK);
    ck_assert(got.height == 20 && got.fit == CNN_FIT_CROP && got.std[0] == 2 && got.std[1] == 1);
    cnn_model_free(model);
    given.width = 33;
    cnn_model_free(model_of(preset_graph(context, "mlp", 20, 33, 1), &options));
    given.width = 34;
    check_refused(preset_graph(context, "mlp", 20, 33, 1), &options, CNN_ERROR_SHAPE,
                  "preprocess to 0 x 34 does not fit the network's input 20 x 33 x 3");
    given.width = 0;
    given.std[1] = -1;
    check_refused(preset_graph(context, "mlp", 20, 33, 1), &options, CNN_ERROR_ARGUMENT, "std[1]");
    check_refused(convolution_graph(context, 1, 1, 0), &options, CNN_ERROR_SHAPE, "see photos");
    model = model_of(convolution_graph(context, 1, 1, 0), NULL);
    ck_assert_uint_eq(cnn_model_class_count(model), 0);
    ck_assert_int_eq(cnn_model_preprocess(model, &got), CNN_ERROR_SHAPE);
    cnn_model_free(model);
}
END_TEST

/* ---- parameters ---- */

START_TEST(parameter_infos)
{
    static const char *const names[] = {"conv2d/kernel",
                                        "conv2d/bias",
                                        "batch_norm/gamma",
                                        "batch_norm/beta",
                                        "batch_norm/moving_mean",
                                        "batch_norm/moving_variance",
                                        "second/kernel",
                                        "dense/kernel",
                                        "dense/bias",
                                        "output/kernel",
                                        "output/bias"};
    cnn_model_t *model = model_of(every_layer_graph(context), NULL);
    cnn_parameter_info_t info = {.struct_size = sizeof info};

    ck_assert_uint_eq(cnn_model_parameter_count(model), 11);
    for (size_t i = 0; i < 11; i++) {
        size_t count = 1;
        ck_assert_int_eq(cnn_model_parameter(model, i, &info), CNN_OK);
        ck_assert_str_eq(info.name, names[i]);
        ck_assert_int_eq(info.trainable, i != 4 && i != 5);
        for (size_t k = 0; k < info.rank; k++)
            count *= info.dims[k];
        ck_assert_uint_eq(info.n_values, count);
    }
    ck_assert_int_eq(cnn_model_parameter(model, 6, &info), CNN_OK);
    ck_assert(info.rank == 4 && info.dims[0] == 2 && info.dims[1] == 3 && info.dims[2] == 4 &&
              info.dims[3] == 5);
    ck_assert_int_eq(cnn_model_parameter(model, 11, &info), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_parameter(model, 0, NULL), CNN_ERROR_ARGUMENT);
    cnn_model_free(model);
}
END_TEST

START_TEST(get_and_set)
{
    cnn_model_t *model = model_of(every_layer_graph(context), NULL);
    float values[5] = {1, 2, 3, 4, 5}, got[5] = {0}, before[4];

    ck_assert_int_eq(cnn_model_set_parameter_values(model, "dense/bias", values, 5), CNN_OK);
    ck_assert_int_eq(cnn_model_parameter_values(model, "dense/bias", 5, got), CNN_OK);
    ck_assert_mem_eq(values, got, sizeof values);
    ck_assert_int_eq(cnn_model_set_parameter_values(model, "batch_norm/moving_mean", values, 4),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_parameter_values(model, "batch_norm/moving_mean", 4, got), CNN_OK);
    ck_assert_mem_eq(values, got, 4 * sizeof *values);

    ck_assert_int_eq(cnn_model_set_parameter_values(model, "dense/bias", values, 4),
                     CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "has 5 values, not 4"));
    ck_assert_int_eq(cnn_model_parameter_values(model, "dense/bia", 5, got), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "\"dense/bia\""));
    ck_assert_int_eq(cnn_model_parameter_values(model, "batch_norm/beta", 4, before), CNN_OK);
    values[3] = NAN;
    ck_assert_int_eq(cnn_model_set_parameter_values(model, "batch_norm/beta", values, 4),
                     CNN_ERROR_NAN);
    values[3] = -INFINITY;
    ck_assert_int_eq(cnn_model_set_parameter_values(model, "batch_norm/beta", values, 4),
                     CNN_ERROR_NAN);
    ck_assert_int_eq(cnn_model_parameter_values(model, "batch_norm/beta", 4, got), CNN_OK);
    ck_assert_mem_eq(before, got, sizeof before);
    cnn_model_free(model);
}
END_TEST

/* ---- metadata ---- */

START_TEST(metadata)
{
    cnn_model_t *model = model_of(preset_graph(context, "mlp", 4, 4, 1), NULL);
    char key[65];

    ck_assert_ptr_null(cnn_model_metadata(model, "b"));
    ck_assert_int_eq(cnn_model_set_metadata(model, "b", NULL), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "b", "two"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "c", "three \xe2\x82\xac"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "a", "one"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "b", "2"), CNN_OK);
    ck_assert_str_eq(cnn_model_metadata(model, "a"), "one");
    ck_assert_str_eq(cnn_model_metadata(model, "b"), "2");
    ck_assert_str_eq(cnn_model_metadata(model, "c"), "three \xe2\x82\xac");
    ck_assert_str_eq(model->metadata.entries[0].key, "a");
    ck_assert_int_eq(cnn_model_set_metadata(model, "a", NULL), CNN_OK);
    ck_assert_ptr_null(cnn_model_metadata(model, "a"));
    ck_assert_str_eq(cnn_model_metadata(model, "c"), "three \xe2\x82\xac");
    ck_assert_uint_eq(model->metadata.n, 2);

    memset(key, 'k', 64);
    key[64] = '\0';
    ck_assert_int_eq(cnn_model_set_metadata(model, key, "x"), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_set_metadata(model, key + 1, "x"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "", "x"), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_set_metadata(model, "a b", "x"), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_set_metadata(model, "a", "\xff"), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(cnn_model_metadata(model, "a"));
    cnn_model_free(model);
}
END_TEST

START_TEST(much_metadata)
{
    cnn_model_t *model = model_of(preset_graph(context, "mlp", 4, 4, 1), NULL);
    char key[16];

    for (int i = 0; i < 1024; i++) {
        snprintf(key, sizeof key, "%d", i * 7919 % 1024);
        ck_assert_int_eq(cnn_model_set_metadata(model, key, key), CNN_OK);
    }
    ck_assert_int_eq(cnn_model_set_metadata(model, "more", ""), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_set_metadata(model, "7", "seven"), CNN_OK);
    ck_assert_str_eq(cnn_model_metadata(model, "7"), "seven");
    ck_assert_str_eq(cnn_model_metadata(model, "1023"), "1023");
    for (size_t i = 1; i < 1024; i++)
        ck_assert_int_lt(strcmp(model->metadata.entries[i - 1].key, model->metadata.entries[i].key),
                         0);
    cnn_model_free(model);
}
END_TEST

/* ---- lifetime ---- */

START_TEST(handles_in_any_order)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_session_t *session;
    float x[5 * 5 * 3] = {0}, y;

    ck_assert_int_eq(cnn_graph_create_preset(own, "conv24", 5, 5, 1, &graph), CNN_OK);
    cnn_context_free(own);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    cnn_graph_free(graph);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    cnn_model_free(model);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &y), CNN_OK);
    ck_assert(y == 0.5f); /* a black image and zero biases give sigmoid(0) */
    cnn_session_free(session);
    ck_assert_uint_eq(allocator.live, 0);
    cnn_model_free(NULL);
    cnn_session_free(NULL);
}
END_TEST

START_TEST(create_without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    const char *const names[] = {"a", "b", "c"};
    const cnn_model_options_t options = {
        .struct_size = sizeof options, .classes = names, .n_classes = 3};
    cnn_graph_t *graph = every_layer_graph(own);
    int failed = 1;

    for (size_t n = 1; failed; n++) {
        cnn_model_t *model;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_model_create(graph, &options, &model);
        if (rc == CNN_OK)
            rc = cnn_model_set_metadata(model, "key", "value");
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        cnn_model_free(model);
    }
    cnn_graph_free(graph);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_model(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("model");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, default_classes);
    tcase_add_test(tests, classes_refused);
    tcase_add_test(tests, other_refusals);
    tcase_add_test(tests, preprocess);
    tcase_add_test(tests, parameter_infos);
    tcase_add_test(tests, get_and_set);
    tcase_add_test(tests, metadata);
    tcase_add_test(tests, much_metadata);
    tcase_add_test(tests, handles_in_any_order);
    tcase_add_test(tests, create_without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

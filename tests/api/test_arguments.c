/* SPDX-License-Identifier: MIT
 *
 * Tests NULL arguments: the message names the function and the argument, and a handle that the
 * function should return is set to NULL. */
#include <check.h>
#include <string.h>

#include <catdog/catdog.h>

#include "support/from_pixels.h"

/* The initial value of a variable that receives a handle. It is not a handle: a failing call must
 * replace it with NULL. */
#define STALE(type) ((type *)(void *)bytes)

static uint8_t bytes[64];
static cnn_context_t *context;
static cnn_graph_t *graph;
static cnn_model_t *model;
static cnn_dataset_t *data;
static cnn_session_t *session;
static cnn_image_t *image;

static void setup(void)
{
    static const char *const names[] = {"0", "1"};
    static const uint32_t labels[] = {0, 1};
    static const uint8_t pixels[2 * 5 * 6 * 3];
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1};

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create_preset(context, "mlp", 5, 6, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(from_pixels(context, pixels, labels, 2, 5, 6, names, 2, &data),
                     CNN_OK);
    ck_assert_int_eq(cnn_image_create(context, NULL, 1, 1, 0, &image), CNN_OK);
}

static void teardown(void)
{
    cnn_image_free(image);
    cnn_dataset_free(data);
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_context_free(context);
}

static void refused(cnn_status_t status, const char *says)
{
    ck_assert_int_eq(status, CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cnn_error_message(), says);
}

START_TEST(graph_functions)
{
    const cnn_conv2d_options_t convolution = {.struct_size = sizeof convolution, .filters = 1};
    cnn_graph_t *out = STALE(cnn_graph_t);
    cnn_node_t node;

    refused(cnn_graph_create(NULL, &out), "cnn_graph_create: context is NULL");
    ck_assert_ptr_null(out);
    refused(cnn_graph_create(context, NULL), "cnn_graph_create: graph is NULL");
    refused(cnn_graph_add_input(NULL, 1, 1, 1, NULL, &node), "cnn_graph_add_input: graph is NULL");
    refused(cnn_graph_add_conv2d(graph, 0, &convolution, NULL),
            "cnn_graph_add_conv2d: node is NULL");
    refused(cnn_graph_add_max_pool2d(NULL, 0, NULL, &node),
            "cnn_graph_add_max_pool2d: graph is NULL");
    refused(cnn_graph_add_average_pool2d(graph, 0, NULL, NULL),
            "cnn_graph_add_average_pool2d: node is NULL");
    refused(cnn_graph_add_sum(graph, 0, 0, NULL, NULL), "cnn_graph_add_sum: node is NULL");
    refused(cnn_graph_create_preset(context, NULL, 1, 1, 1, &out),
            "cnn_graph_create_preset: name is NULL");
    refused(cnn_graph_layer(NULL, 0, NULL), "cnn_graph_layer: graph is NULL");
    ck_assert_uint_eq(cnn_graph_summary(NULL, NULL, 0), 0);
}
END_TEST

START_TEST(model_functions)
{
    cnn_model_t *out = STALE(cnn_model_t);
    cnn_history_t *history = STALE(cnn_history_t);
    cnn_evaluation_t *evaluation = STALE(cnn_evaluation_t);
    float value;

    refused(cnn_model_create(NULL, NULL, &out), "cnn_model_create: graph is NULL");
    ck_assert_ptr_null(out);
    refused(cnn_model_load(context, NULL, &out), "cnn_model_load: path is NULL");
    refused(cnn_model_load_memory(context, NULL, 0, &out), "cnn_model_load_memory: bytes is NULL");
    refused(cnn_model_save(model, NULL, NULL), "cnn_model_save: path is NULL");
    refused(cnn_model_parameter_values(model, NULL, 1, &value),
            "cnn_model_parameter_values: name is NULL");
    refused(cnn_model_set_parameter_values(model, "x", NULL, 1),
            "cnn_model_set_parameter_values: values is NULL");
    refused(cnn_model_set_metadata(model, NULL, ""), "cnn_model_set_metadata: key is NULL");
    refused(cnn_model_train(model, NULL, NULL, NULL, &history), "cnn_model_train: train is NULL");
    ck_assert_ptr_null(history);
    refused(cnn_model_evaluate(model, NULL, NULL, &evaluation),
            "cnn_model_evaluate: dataset is NULL");
    ck_assert_ptr_null(evaluation);
    refused(cnn_model_calibrate(model, data, NULL, NULL),
            "cnn_model_calibrate: calibration is NULL");
}
END_TEST

START_TEST(session_functions)
{
    cnn_session_t *out = STALE(cnn_session_t);
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    const char *path = "x";
    float value;

    refused(cnn_session_create(NULL, NULL, &out), "cnn_session_create: model is NULL");
    ck_assert_ptr_null(out);
    refused(cnn_session_predict_file(session, path, NULL),
            "cnn_session_predict_file: prediction is NULL");
    refused(cnn_session_predict_files(session, NULL, 1, &prediction),
            "cnn_session_predict_files: paths is NULL");
    refused(cnn_session_predict_files(session, &path, 1, NULL),
            "cnn_session_predict_files: predictions is NULL");
    ck_assert_int_eq(cnn_session_predict_files(session, NULL, 0, NULL), CNN_OK);
    refused(cnn_session_predict_images(session, NULL, 1, &prediction),
            "cnn_session_predict_images: images is NULL");
    refused(cnn_session_run(session, NULL, 1, &value), "cnn_session_run: x is NULL");
    ck_assert_int_eq(cnn_session_run(session, NULL, 0, NULL), CNN_OK);
    refused(cnn_session_run(NULL, NULL, 0, NULL), "cnn_session_run: session is NULL");
}
END_TEST

START_TEST(explanation_functions)
{
    cnn_explanation_t *out = STALE(cnn_explanation_t);
    cnn_explanation_info_t info = {.struct_size = sizeof info};
    cnn_image_t *drawing = STALE(cnn_image_t);

    refused(cnn_explanation_create(NULL, image, NULL, &out),
            "cnn_explanation_create: model is NULL");
    ck_assert_ptr_null(out);
    refused(cnn_explanation_create(model, NULL, NULL, &out),
            "cnn_explanation_create: photo is NULL");
    refused(cnn_explanation_create(model, image, NULL, NULL),
            "cnn_explanation_create: explanation is NULL");
    refused(cnn_explanation_info(NULL, &info), "cnn_explanation_info: explanation is NULL");
    refused(cnn_explanation_draw(NULL, image, NULL, &drawing),
            "cnn_explanation_draw: explanation is NULL");
    ck_assert_ptr_null(drawing);
    cnn_explanation_free(NULL);
}
END_TEST

START_TEST(image_and_dataset_functions)
{
    cnn_image_t *out = STALE(cnn_image_t);
    cnn_dataset_t *one = STALE(cnn_dataset_t), *two = STALE(cnn_dataset_t);
    cnn_survey_t *survey = STALE(cnn_survey_t);

    refused(cnn_image_load_memory(context, NULL, 1, NULL, &out),
            "cnn_image_load_memory: bytes is NULL");
    ck_assert_ptr_null(out);
    refused(cnn_image_load(context, NULL, NULL, &out), "cnn_image_load: path is NULL");
    refused(cnn_image_create(NULL, NULL, 1, 1, 0, &out), "cnn_image_create: context is NULL");
    refused(cnn_image_save(image, NULL, NULL), "cnn_image_save: path is NULL");
    refused(cnn_preprocess_apply_rgb(context, NULL, bytes, 1, 1, 0, NULL),
            "cnn_preprocess_apply_rgb: pixels is NULL");
    refused(cnn_preprocess_apply_memory(context, NULL, NULL, 1, NULL, bytes),
            "cnn_preprocess_apply_memory: bytes is NULL");
    refused(cnn_preprocess_apply_file(context, NULL, "a.jpg", NULL, NULL),
            "cnn_preprocess_apply_file: pixels is NULL");
    refused(cnn_dataset_open(context, NULL, NULL, &one), "cnn_dataset_open: folder is NULL");
    ck_assert_ptr_null(one);
    refused(cnn_dataset_split(data, NULL, &one, NULL), "cnn_dataset_split: validation is NULL");
    refused(cnn_dataset_split(NULL, NULL, &one, &two), "cnn_dataset_split: dataset is NULL");
    ck_assert_ptr_null(two);
    refused(cnn_dataset_split(data, NULL, &one, &one),
            "cnn_dataset_split: train and validation are the same pointer");
    refused(cnn_dataset_subset(data, NULL, 1, &one), "cnn_dataset_subset: indices is NULL");
    ck_assert_ptr_null(one);
    refused(cnn_dataset_sample(NULL, 0, NULL), "cnn_dataset_sample: dataset is NULL");
    refused(cnn_dataset_skipped(NULL, 0, NULL), "cnn_dataset_skipped: dataset is NULL");
    refused(cnn_dataset_load(NULL, NULL, NULL), "cnn_dataset_load: dataset is NULL");
    refused(cnn_survey_create(data, NULL, NULL), "cnn_survey_create: survey is NULL");
    refused(cnn_survey_create(NULL, NULL, &survey), "cnn_survey_create: dataset is NULL");
    ck_assert_ptr_null(survey);
    refused(cnn_survey_dimensions(NULL, 0, NULL), "cnn_survey_dimensions: survey is NULL");
}
END_TEST

START_TEST(other_functions)
{
    cnn_cancel_t *cancel = STALE(cnn_cancel_t);
    cnn_recipe_t *recipe = STALE(cnn_recipe_t);

    refused(cnn_recipe_load_memory(context, NULL, 1, &recipe),
            "cnn_recipe_load_memory: bytes is NULL");
    ck_assert_ptr_null(recipe);
    refused(cnn_context_create(NULL, NULL), "cnn_context_create: context is NULL");
    refused(cnn_cancel_create(NULL, &cancel), "cnn_cancel_create: context is NULL");
    ck_assert_ptr_null(cancel);
    cnn_cancel_request(NULL);
    ck_assert_int_eq(cnn_cancel_requested(NULL), 0);
    refused(cnn_history_epoch(NULL, 0, NULL), "cnn_history_epoch: history is NULL");
    refused(cnn_history_save(NULL, "x"), "cnn_history_save: history is NULL");
    refused(cnn_evaluation_metrics(NULL, NULL), "cnn_evaluation_metrics: evaluation is NULL");
    cnn_context_free(NULL);
    cnn_cancel_free(NULL);
    cnn_image_free(NULL);
    cnn_dataset_free(NULL);
    cnn_survey_free(NULL);
    cnn_graph_free(NULL);
    cnn_model_free(NULL);
    cnn_session_free(NULL);
    cnn_history_free(NULL);
    cnn_evaluation_free(NULL);
    cnn_profile_free(NULL);
}
END_TEST

/* A handle keeps the objects that it depends on alive after their handles are freed. */
START_TEST(handles_outlive_what_they_need)
{
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    const uint8_t rgb[3] = {1, 2, 3};

    cnn_context_free(context);
    cnn_graph_free(graph);
    cnn_model_free(model);
    context = NULL;
    graph = NULL;
    model = NULL;
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 1, 1, 0, &prediction), CNN_OK);
    ck_assert(strcmp(prediction.class_name, "0") == 0 || strcmp(prediction.class_name, "1") == 0);
}
END_TEST

Suite *suite_arguments(void)
{
    Suite *suite = suite_create("arguments");
    TCase *tests = tcase_create("arguments");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, graph_functions);
    tcase_add_test(tests, model_functions);
    tcase_add_test(tests, session_functions);
    tcase_add_test(tests, explanation_functions);
    tcase_add_test(tests, image_and_dataset_functions);
    tcase_add_test(tests, other_functions);
    tcase_add_test(tests, handles_outlive_what_they_need);
    suite_add_tcase(suite, tests);
    return suite;
}

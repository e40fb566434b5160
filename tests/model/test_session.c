/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/session.h"
#include "plan/step.h"
#include "support/double_net.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"
#include "support/model_makers.h"
#include "support/photo_folder.h"
#include "support/plan_makers.h"

enum { CLASSES = EVERY_LAYER_CLASSES, IMAGE_VALUES = EVERY_LAYER_HEIGHT * EVERY_LAYER_WIDTH * 3 };

static cnn_context_t *context;
static cnn_model_t *model;
static struct photo_folder folder;

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3};

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    model = every_layer_model(context, NULL);
    folder_make(&folder);
}

static void teardown(void)
{
    folder_remove(&folder);
    cnn_model_free(model);
    cnn_context_free(context);
}

static void fill(float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(i * 2654435761u % 1000) / 1000;
}

/* ---- the bare network ---- */

START_TEST(run_is_the_definition)
{
    enum { N = 5 };
    float *x = malloc(N * IMAGE_VALUES * sizeof *x), y[N * CLASSES];
    double *weights = malloc(model->graph->trainable_size * sizeof *weights), expected[N * CLASSES];
    cnn_session_t *session = session_of(model, 2);

    fill(x, N * IMAGE_VALUES);
    for (size_t i = 0; i < model->graph->trainable_size; i++)
        weights[i] = (double)model->weights[i];
    double_net_run(model->graph, weights, model->statistics, x, N, 0, 0, 0, expected);
    ck_assert_int_eq(cnn_session_run(session, x, N, y), CNN_OK);
    for (int i = 0; i < N * CLASSES; i++)
        ck_assert_double_eq_tol((double)y[i], expected[i], 1e-5);
    ck_assert_int_eq(cnn_session_run(session, NULL, 0, NULL), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, NULL, 1, y), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_run(session, x, 1, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_run(NULL, x, 1, y), CNN_ERROR_ARGUMENT);
    cnn_session_free(session);
    free(weights);
    free(x);
}
END_TEST

START_TEST(creation)
{
    cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = 65537};
    cnn_session_t *session = (cnn_session_t *)1;

    ck_assert_int_eq(cnn_session_create(model, &options, &session), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(session);
    ck_assert_int_eq(cnn_session_create(NULL, NULL, &session), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_create(model, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_uint_eq(session->batch, 32);
    cnn_session_free(session);
}
END_TEST

START_TEST(limits)
{
    const cnn_image_options_t few = {.struct_size = sizeof few, .max_bytes = 3};
    const cnn_session_options_t options = {.struct_size = sizeof options, .image = &few};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    cnn_session_t *session;

    ck_assert_int_eq(cnn_session_create(model, &options, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_predict_memory(session, "\xff\xd8\xff\xe0", 4, &prediction),
                     CNN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "limit of 3"));
    cnn_session_free(session);
}
END_TEST

/* ---- labels and probabilities ---- */

/* A network from one pixel to some outputs. Output k is activation(bias k). */
static cnn_model_t *pixel_model(uint32_t outputs, cnn_activation_t activation, const float *bias)
{
    const cnn_dense_options_t dense = {
        .struct_size = sizeof dense, .units = outputs, .activation = activation};
    cnn_graph_t *graph;
    cnn_node_t node;
    cnn_model_t *made;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &made), CNN_OK);
    ck_assert_int_eq(cnn_model_set_parameter_values(made, "dense/bias", bias, outputs), CNN_OK);
    cnn_graph_free(graph);
    return made;
}

static void check_label(uint32_t outputs, cnn_activation_t activation, const float *bias,
                        uint32_t label, float probability)
{
    const uint8_t black[3] = {0, 0, 0};
    float probabilities[4];
    cnn_prediction_t prediction = {.struct_size = sizeof prediction,
                                   .probabilities = probabilities};
    cnn_model_t *made = pixel_model(outputs, activation, bias);
    cnn_session_t *session = session_of(made, 1);

    ck_assert_int_eq(cnn_session_predict_rgb(session, black, 1, 1, 0, &prediction), CNN_OK);
    ck_assert_int_eq(prediction.status, CNN_OK);
    ck_assert_uint_eq(prediction.label, label);
    ck_assert_str_eq(prediction.class_name, cnn_model_class_name(made, label));
    ck_assert_float_eq_tol(prediction.probability, probability, 1e-6f);
    ck_assert_ptr_eq(prediction.probabilities, probabilities);
    ck_assert(probabilities[label] == prediction.probability);
    if (outputs == 1)
        ck_assert_float_eq_tol(probabilities[0] + probabilities[1], 1, 1e-6f);
    cnn_session_free(session);
    cnn_model_free(made);
}

START_TEST(labels)
{
    static const float half[1] = {0}, above[1] = {1}, below[1] = {-1}, raw[1] = {0.75f};
    static const float ties[3] = {1, 2, 2}, equal[4] = {0}, last[3] = {0, 0, 3};

    check_label(1, CNN_ACTIVATION_SIGMOID, half, 0, 0.5f);
    check_label(1, CNN_ACTIVATION_SIGMOID, above, 1, 0.7310586f);
    check_label(1, CNN_ACTIVATION_SIGMOID, below, 0, 0.7310586f);
    check_label(1, CNN_ACTIVATION_NONE, raw, 1, 0.75f);
    check_label(3, CNN_ACTIVATION_SOFTMAX, ties, 1, 0.4223188f);
    check_label(4, CNN_ACTIVATION_SOFTMAX, equal, 0, 0.25f);
    check_label(3, CNN_ACTIVATION_SOFTMAX, last, 2, 0.9094430f);
}
END_TEST

/* The network's input is (pixel / 255 - mean) / std. Rows may have gaps. */
START_TEST(preprocessed_by_the_models_settings)
{
    const cnn_preprocess_t preprocess = {
        .struct_size = sizeof preprocess, .mean = {0.5f, 0, 0.25f}, .std = {0.5f, 0, 2}};
    const cnn_model_options_t options = {.struct_size = sizeof options, .preprocess = &preprocess};
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 1};
    static const uint8_t rgb[2 * 7] = {255, 51, 0, 9, 9, 9, 9, 255, 51, 0};
    static const float kernel[6] = {1, 10, 100, 1000, 10000, 100000};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    float probabilities[2];
    cnn_graph_t *graph;
    cnn_node_t node;
    cnn_model_t *made;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 2, 1, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &options, &made), CNN_OK);
    ck_assert_int_eq(cnn_model_set_parameter_values(made, "dense/kernel", kernel, 6), CNN_OK);
    cnn_session_t *session = session_of(made, 4);
    prediction.probabilities = probabilities;
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 2, 1, 7, &prediction), CNN_OK);
    /* 1, 0.2, -0.125 twice */
    ck_assert_float_eq_tol(probabilities[1], (1 + 2 - 12.5f) * 1001, 0.01f);
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 2, 1, 2, &prediction),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 0, 1, 0, &prediction),
                     CNN_ERROR_ARGUMENT);
    cnn_session_free(session);
    cnn_graph_free(graph);
    cnn_model_free(made);
}
END_TEST

/* A session uses weights that are set after its creation. */
START_TEST(current_weights)
{
    static const float zero[1] = {0}, two[1] = {2};
    const uint8_t black[3] = {0, 0, 0};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    cnn_model_t *made = pixel_model(1, CNN_ACTIVATION_SIGMOID, zero);
    cnn_session_t *session = session_of(made, 1);

    ck_assert_int_eq(cnn_session_predict_rgb(session, black, 1, 1, 0, &prediction), CNN_OK);
    ck_assert_uint_eq(prediction.label, 0);
    ck_assert_int_eq(cnn_model_set_parameter_values(made, "dense/bias", two, 1), CNN_OK);
    ck_assert_int_eq(cnn_session_predict_rgb(session, black, 1, 1, 0, &prediction), CNN_OK);
    ck_assert_uint_eq(prediction.label, 1);
    cnn_session_free(session);
    cnn_model_free(made);
}
END_TEST

/* All sessions of a model share the kernels that algorithms prepare. */
START_TEST(prepared_kernels_are_shared)
{
    float *x = malloc(IMAGE_VALUES * sizeof *x), y[3][CLASSES];
    cnn_session_t *a = session_of(model, 2), *b = session_of(model, 2);
    const struct cd_prepared *prepared = a->plan->prepared;

    if (a->plan->prepared_floats == 0) { /* the kernels "reference" and "blas" prepare nothing */
        ck_assert_ptr_null(prepared);
        ck_assert_ptr_nonnull(getenv("CATDOG_KERNELS")); /* no CPU chooses these by itself */
        cnn_session_free(b);
        cnn_session_free(a);
        free(x);
        return;
    }
    fill(x, IMAGE_VALUES);
    ck_assert_ptr_eq(b->plan->prepared, prepared);
    ck_assert(prepared->version == 0 && prepared->users == 2);
    ck_assert_int_eq(cnn_session_run(a, x, 1, y[0]), CNN_OK);
    const uint64_t version = prepared->version;
    ck_assert(version != 0);
    ck_assert_int_eq(cnn_session_run(b, x, 1, y[1]), CNN_OK);
    ck_assert(prepared->version == version);
    ck_assert_mem_eq(y[0], y[1], sizeof y[0]);

    /* Prepared kernels live as long as any session of the model, and serve later ones. */
    cnn_session_free(a);
    ck_assert_int_eq(cnn_session_run(b, x, 1, y[2]), CNN_OK);
    ck_assert_mem_eq(y[0], y[2], sizeof y[0]);
    a = session_of(model, 2);
    ck_assert_ptr_eq(a->plan->prepared, prepared);
    cnn_session_free(b);
    cnn_session_free(a);
    ck_assert_ptr_null(model->prepared.first);
    free(x);
}
END_TEST

/* ---- photos ---- */

enum { PHOTOS = 7 };

static const char *photo_name(int i)
{
    static char names[PHOTOS][FOLDER_PATH_SIZE + 64];
    snprintf(names[i], sizeof names[i], "%s/%d.jpg", folder.path, i);
    return names[i];
}

static void make_photos(void)
{
    char name[32];

    for (int i = 0; i < PHOTOS; i++) {
        snprintf(name, sizeof name, "%d.jpg", i);
        folder_photo(&folder, name, 20 + 7 * (size_t)i, 31 + 3 * (size_t)i, 40u * (unsigned)i);
    }
}

START_TEST(model_without_classes)
{
    const uint8_t rgb[3] = {0};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    cnn_graph_t *graph;
    cnn_model_t *bare;
    cnn_node_t node;
    float x[4] = {-1, 2, -3, 4}, y[4];

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 2, 2, 1, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_activation(graph, node, CNN_ACTIVATION_RELU, 0, NULL, &node),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &bare), CNN_OK);
    cnn_session_t *session = session_of(bare, 1);
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 1, 1, 0, &prediction), CNN_ERROR_SHAPE);
    ck_assert_int_eq(cnn_session_run(session, x, 1, y), CNN_OK);
    ck_assert(y[0] == 0 && y[1] == 2 && y[2] == 0 && y[3] == 4);
    cnn_session_free(session);
    cnn_graph_free(graph);
    cnn_model_free(bare);
}
END_TEST

/* ---- memory ---- */

/* A size that overflows size_t must fail for lack of memory. All sizes of this network are
 * multiples of 16, so they would wrap to 0 with such a batch. */
START_TEST(sizes_do_not_wrap)
{
    const cnn_conv2d_options_t convolution = {
        .struct_size = sizeof convolution, .filters = 16, .padding = CNN_PADDING_SAME};
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 16};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 4, 4, 16, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &convolution, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    for (int training = 0; training < 2; training++) {
        struct cd_plan *plan;
        ck_assert_int_eq(plan_of(graph, SIZE_MAX / 16 + 1, training, &plan),
                         CNN_ERROR_MEMORY);
        ck_assert_ptr_null(plan);
    }
    cnn_graph_free(graph);
}
END_TEST

START_TEST(without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_model_t *made = every_layer_model(own, NULL);
    const char *paths[3];
    int failed = 1, sizes_told = 0;

    make_photos();
    for (int i = 0; i < 3; i++)
        paths[i] = photo_name(i);
    for (size_t n = 1; failed; n++) {
        const cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = 2};
        cnn_prediction_t predictions[3] = {{0}};
        cnn_session_t *session;
        for (int i = 0; i < 3; i++)
            predictions[i].struct_size = sizeof predictions[i];
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_session_create(made, &options, &session);
        ck_assert((rc == CNN_OK) == (session != NULL));
        if (!session)
            sizes_told += strstr(cnn_error_message(), "2 images at a time") != NULL;
        if (session)
            rc = cnn_session_predict_files(session, paths, 3, predictions);
        failed = failing_allocator_failed(&allocator);
        ck_assert_msg(rc == (failed ? CNN_ERROR_MEMORY : CNN_OK), "request %zu: %d %s", n, rc,
                      cnn_error_message());
        cnn_session_free(session);
    }
    ck_assert_int_gt(sizes_told, 0); /* the message has the batch size */
    cnn_model_free(made);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_session(void)
{
    Suite *suite = suite_create("session");
    TCase *tests = tcase_create("session");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, run_is_the_definition);
    tcase_add_test(tests, creation);
    tcase_add_test(tests, limits);
    tcase_add_test(tests, labels);
    tcase_add_test(tests, preprocessed_by_the_models_settings);
    tcase_add_test(tests, current_weights);
    tcase_add_test(tests, prepared_kernels_are_shared);
    tcase_add_test(tests, sizes_do_not_wrap);
    tcase_add_test(tests, model_without_classes);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

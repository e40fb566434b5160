/* SPDX-License-Identifier: MIT
 *
 * cnn_model_evaluate: the figures equal figures computed from single predictions. Batch sizes,
 * progress, cancellation. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "model/model.h"
#include "support/photo_folder.h"
#include "support/toy.h"

enum { COUNT = 75 };

static cnn_context_t *context;
static cnn_dataset_t *data;
static cnn_model_t *model;

static void setup_classes(size_t classes)
{
    context = toy_context(2);
    data = toy_data(context, COUNT, classes, 5);
    model = toy_model(context, TOY_PLAIN, classes, 3);
}

static void setup(void)
{
    setup_classes(2);
}

static void teardown(void)
{
    cnn_model_free(model);
    cnn_dataset_free(data);
    cnn_context_free(context);
}

static cnn_evaluation_t *evaluate(const cnn_evaluate_options_t *options)
{
    cnn_evaluation_t *evaluation;
    ck_assert_int_eq(cnn_model_evaluate(model, data, options, &evaluation), CNN_OK);
    return evaluation;
}

static cnn_metrics_t metrics_of(const cnn_evaluation_t *evaluation)
{
    cnn_metrics_t metrics = {.struct_size = sizeof metrics};
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_OK);
    return metrics;
}

/* The probabilities equal the probabilities of a session, and the counts follow from them. */
static void check_against_session(size_t classes)
{
    cnn_evaluation_t *evaluation = evaluate(NULL);
    cnn_session_t *session;
    size_t counts[3][3] = {{0}}, right = 0;

    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    for (size_t i = 0; i < COUNT; i++) {
        cnn_sample_t sample = {.struct_size = sizeof sample};
        float probabilities[3];
        cnn_prediction_t p = {.struct_size = sizeof p, .probabilities = probabilities};
        ck_assert_int_eq(cnn_dataset_sample(data, i, &sample), CNN_OK);
        ck_assert_int_eq(cnn_session_predict_rgb(session, sample.pixels, TOY_HEIGHT, TOY_WIDTH, 0,
                                                 &p), CNN_OK);
        const float *told = cnn_evaluation_probabilities(evaluation, i);
        for (size_t k = 0; k < classes; k++)
            ck_assert_float_eq_tol(told[k], probabilities[k], 1e-6f);
        counts[sample.label][p.label]++;
        right += p.label == sample.label;
    }
    for (size_t a = 0; a < classes; a++)
        for (size_t b = 0; b < classes; b++)
            ck_assert_uint_eq(cnn_evaluation_confusion(evaluation, a, b), counts[a][b]);
    ck_assert_uint_eq(metrics_of(evaluation).n_samples, COUNT);
    ck_assert(metrics_of(evaluation).accuracy == (double)right / COUNT);
    ck_assert_uint_eq(cnn_evaluation_confusion(evaluation, classes, 0), 0);
    ck_assert_uint_eq(cnn_evaluation_confusion(evaluation, 0, classes), 0);
    ck_assert_ptr_null(cnn_evaluation_probabilities(evaluation, COUNT));
    cnn_session_free(session);
    cnn_evaluation_free(evaluation);
}

START_TEST(two_classes)
{
    check_against_session(2);
}
END_TEST

START_TEST(three_classes)
{
    teardown();
    setup_classes(3);
    check_against_session(3);
}
END_TEST

static int count_calls(size_t done, size_t total, void *user)
{
    size_t *last = user;
    ck_assert_uint_eq(total, COUNT);
    ck_assert_uint_gt(done, *last);
    *last = done;
    return 0;
}

START_TEST(batch_size_changes_the_last_bits_at_most)
{
    static const uint32_t sizes[] = {1, 2, 5, 7, 16, 33, COUNT, 1000};
    cnn_evaluation_t *first = evaluate(NULL);
    cnn_metrics_t expected = metrics_of(first);

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t done = 0;
        const cnn_evaluate_options_t options = {sizeof options, .batch_size = sizes[i],
                                                .progress = count_calls, .user = &done};
        cnn_evaluation_t *other = evaluate(&options);
        cnn_metrics_t metrics = metrics_of(other);
        ck_assert_uint_eq(done, COUNT);
        ck_assert_double_eq_tol(metrics.mse, expected.mse, 1e-6);
        ck_assert_double_eq_tol(metrics.pearson, expected.pearson, 1e-5);
        ck_assert(metrics.accuracy == expected.accuracy);
        for (size_t k = 0; k < COUNT; k++)
            ck_assert_float_eq_tol(cnn_evaluation_probabilities(other, k)[1],
                                   cnn_evaluation_probabilities(first, k)[1], 1e-6f);
        cnn_evaluation_free(other);
    }
    cnn_evaluation_free(first);
}
END_TEST

static int stop(size_t done, size_t total, void *user)
{
    (void)done;
    (void)total;
    (void)user;
    return 1;
}

START_TEST(stopped)
{
    const cnn_evaluate_options_t stopping = {sizeof stopping, .progress = stop};
    cnn_evaluate_options_t cancelling = {.struct_size = sizeof cancelling};
    cnn_evaluation_t *evaluation;
    cnn_cancel_t *cancel;

    ck_assert_int_eq(cnn_model_evaluate(model, data, &stopping, &evaluation),
                     CNN_ERROR_CANCELLED);
    ck_assert_ptr_null(evaluation);
    ck_assert_int_eq(cnn_cancel_create(context, &cancel), CNN_OK);
    cnn_cancel_request(cancel);
    cancelling.cancel = cancel;
    ck_assert_int_eq(cnn_model_evaluate(model, data, &cancelling, &evaluation),
                     CNN_ERROR_CANCELLED);
    cnn_cancel_free(cancel);
}
END_TEST

START_TEST(wrong_arguments)
{
    cnn_dataset_t *three = toy_data(context, 6, 3, 1);
    cnn_metrics_t metrics = {0};
    cnn_evaluation_t *evaluation;

    ck_assert_int_eq(cnn_model_evaluate(NULL, data, NULL, &evaluation), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_evaluate(model, NULL, NULL, &evaluation), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_evaluate(model, data, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_evaluate(model, three, NULL, &evaluation), CNN_ERROR_DATA);
    evaluation = evaluate(NULL);
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_evaluation_metrics(NULL, &metrics), CNN_ERROR_ARGUMENT);
    ck_assert_uint_eq(cnn_evaluation_confusion(NULL, 0, 0), 0);
    ck_assert_ptr_null(cnn_evaluation_probabilities(NULL, 0));
    cnn_reliability_t bin = {.struct_size = sizeof bin};
    ck_assert_int_eq(cnn_evaluation_reliability(evaluation, CNN_RELIABILITY_BINS, &bin),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_evaluation_reliability(NULL, 0, &bin), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_evaluation_reliability(evaluation, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_evaluation_reliability(evaluation, 7, &bin), CNN_OK);
    ck_assert(bin.low == 7.0 / 15 && bin.high == 8.0 / 15);
    cnn_evaluation_free(NULL);
    cnn_evaluation_free(evaluation);
    cnn_dataset_free(three);
}
END_TEST

/* A dataset may have a single class if the program names it. A model has at least two. */
START_TEST(data_of_one_class)
{
    static const char *const names[] = {"left"};
    const cnn_dataset_open_options_t options = {
        .struct_size = sizeof options, .classes = names, .n_classes = 1};
    struct photo_folder folder;
    cnn_dataset_t *one;
    cnn_evaluation_t *evaluation;

    folder_make(&folder);
    folder_touch(&folder, "left.0.jpg");
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &options, &one), CNN_OK);
    ck_assert_int_eq(cnn_model_evaluate(model, one, NULL, &evaluation), CNN_ERROR_DATA);
    ck_assert_str_eq(cnn_error_message(),
                     "the model has 2 classes, \"left\" first, and the data 1, \"left\" first");
    cnn_dataset_free(one);
    folder_remove(&folder);
}
END_TEST

/* Test-time mirroring is the same in evaluation and prediction: the mean of the outputs for the
 * image and for the mirrored image. */
START_TEST(second_look)
{
    const cnn_evaluate_options_t twice = {sizeof twice, .batch_size = 7, .mirror = 1};
    const cnn_session_options_t both = {sizeof both, .batch_size = 4, .mirror = 1};
    cnn_evaluation_t *evaluation = evaluate(&twice);
    cnn_session_t *plain, *mirrored;
    size_t differ = 0;

    ck_assert_int_eq(cnn_session_create(model, NULL, &plain), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, &both, &mirrored), CNN_OK);
    for (size_t i = 0; i < COUNT; i++) {
        cnn_sample_t sample = {.struct_size = sizeof sample};
        uint8_t turned[TOY_PIXELS];
        float p[3][2];
        cnn_prediction_t out[3];
        ck_assert_int_eq(cnn_dataset_sample(data, i, &sample), CNN_OK);
        for (size_t y = 0; y < TOY_HEIGHT; y++)
            for (size_t x = 0; x < TOY_WIDTH; x++)
                memcpy(turned + 3 * (y * TOY_WIDTH + TOY_WIDTH - 1 - x),
                       sample.pixels + 3 * (y * TOY_WIDTH + x), 3);
        for (int k = 0; k < 3; k++) {
            out[k] = (cnn_prediction_t){.struct_size = sizeof out[k], .probabilities = p[k]};
            ck_assert_int_eq(cnn_session_predict_rgb(k < 2 ? plain : mirrored,
                                                     k == 1 ? turned : sample.pixels, TOY_HEIGHT,
                                                     TOY_WIDTH, 0, &out[k]), CNN_OK);
        }
        for (int c = 0; c < 2; c++) {
            ck_assert_float_eq_tol(p[2][c], (p[0][c] + p[1][c]) / 2, 1e-6f);
            ck_assert_float_eq_tol(cnn_evaluation_probabilities(evaluation, i)[c], p[2][c], 1e-6f);
        }
        differ += fabsf(p[0][0] - p[1][0]) > 1e-4f;
    }
    ck_assert_uint_gt(differ, COUNT / 2);
    cnn_session_free(plain);
    cnn_session_free(mirrored);
    cnn_evaluation_free(evaluation);
}
END_TEST

Suite *suite_evaluate(void)
{
    Suite *suite = suite_create("evaluate");
    TCase *tc = tcase_create("evaluate");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, second_look);
    tcase_add_test(tc, two_classes);
    tcase_add_test(tc, three_classes);
    tcase_add_test(tc, batch_size_changes_the_last_bits_at_most);
    tcase_add_test(tc, stopped);
    tcase_add_test(tc, wrong_arguments);
    tcase_add_test(tc, data_of_one_class);
    suite_add_tcase(suite, tc);
    return suite;
}

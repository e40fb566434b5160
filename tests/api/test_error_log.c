/* SPDX-License-Identifier: MIT
 *
 * Tests that a failing public function writes one error line to the log: the text of
 * cnn_error_message(). */
#include <check.h>
#include <string.h>

#include <catdog/catdog.h>

#include "support/test_context.h"
#include "support/toy.h"

#define NO_FILE "/no/such/folder/file"

static struct test_context test;
static cnn_graph_t *graph;
static cnn_model_t *model, *unlabelled;
static cnn_dataset_t *data;
static cnn_session_t *session;
static cnn_image_t *image;
static cnn_evaluation_t *evaluation;
static cnn_history_t *history;
static cnn_recipe_t *recipe;
static const char recipe_text[] = "{\"preset\": \"mlp\"}";

/* The results of the tested calls. All of the calls fail. */
static struct {
    cnn_image_t *image;
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_dataset_t *dataset;
    cnn_session_t *session;
    cnn_history_t *history;
    cnn_evaluation_t *evaluation;
    cnn_explanation_t *explanation;
    cnn_memory_t *memory;
    cnn_survey_t *survey;
    cnn_recipe_t *recipe;
} out;

static void setup(void)
{
    const cnn_train_options_t training = {.struct_size = sizeof training, .epochs = 1};

    test_context_open(&test, 1);
    data = toy_data(test.context, 4, 2, 1);
    model = toy_model(test.context, TOY_PLAIN, 2, 1);
    ck_assert_int_eq(cnn_graph_create_preset(test.context, "mlp", TOY_HEIGHT, TOY_WIDTH, 1, &graph),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &unlabelled), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_image_create(test.context, NULL, 1, 1, 0, &image), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &training, &history), CNN_OK);
    ck_assert_int_eq(cnn_model_evaluate(model, data, NULL, &evaluation), CNN_OK);
    ck_assert_int_eq(
        cnn_recipe_load_memory(test.context, recipe_text, strlen(recipe_text), &recipe), CNN_OK);
}

static void teardown(void)
{
    cnn_recipe_free(recipe);
    cnn_evaluation_free(evaluation);
    cnn_history_free(history);
    cnn_image_free(image);
    cnn_session_free(session);
    cnn_model_free(unlabelled);
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_dataset_free(data);
    test_context_close(&test);
}

/* Evaluates `call`, and checks that it fails and writes one error line to the log. */
#define LOGGED_ONCE(call)                                                                          \
    do {                                                                                           \
        const int before = test.logged[CNN_LOG_ERROR];                                             \
        const cnn_status_t status = (call);                                                        \
        ck_assert_msg(status != CNN_OK, "no failure: %s", #call);                                  \
        ck_assert_msg(test.logged[CNN_LOG_ERROR] == before + 1, "%d error lines: %s",              \
                      test.logged[CNN_LOG_ERROR] - before, #call);                                 \
        ck_assert_str_eq(test.last_log, cnn_error_message());                                      \
    } while (0)

START_TEST(null_arguments)
{
    LOGGED_ONCE(cnn_cancel_create(test.context, NULL));
    LOGGED_ONCE(cnn_graph_create(test.context, NULL));
    LOGGED_ONCE(cnn_graph_add_flatten(graph, 0, NULL, NULL));
    LOGGED_ONCE(cnn_image_load(test.context, NULL, NULL, &out.image));
    LOGGED_ONCE(cnn_model_load(test.context, NULL, &out.model));
    LOGGED_ONCE(cnn_model_train(model, NULL, NULL, NULL, &out.history));
    LOGGED_ONCE(cnn_dataset_open(test.context, NULL, NULL, &out.dataset));
    LOGGED_ONCE(cnn_dataset_subset(data, NULL, 1, &out.dataset));
    LOGGED_ONCE(cnn_session_run(session, NULL, 1, NULL));
    LOGGED_ONCE(cnn_history_save(history, NULL));
    LOGGED_ONCE(cnn_recipe_load(test.context, NULL, &out.recipe));
}
END_TEST

START_TEST(indices_out_of_range)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};
    cnn_layer_info_t layer = {.struct_size = sizeof layer};
    cnn_parameter_info_t parameter = {.struct_size = sizeof parameter};
    cnn_reliability_t reliability = {.struct_size = sizeof reliability};

    LOGGED_ONCE(cnn_dataset_sample(data, 4, &sample));
    LOGGED_ONCE(cnn_dataset_skipped(data, 0, NULL));
    LOGGED_ONCE(cnn_history_epoch(history, 1, &epoch));
    LOGGED_ONCE(cnn_graph_layer(graph, 1000, &layer));
    LOGGED_ONCE(cnn_model_parameter(model, 1000, &parameter));
    LOGGED_ONCE(cnn_evaluation_reliability(evaluation, CNN_RELIABILITY_BINS, &reliability));
}
END_TEST

START_TEST(results_without_struct_size)
{
    cnn_sample_t sample = {0};
    cnn_epoch_t epoch = {0};
    cnn_metrics_t metrics = {0};
    cnn_prediction_t prediction = {0};
    cnn_preprocess_t preprocess = {0};

    LOGGED_ONCE(cnn_dataset_sample(data, 0, &sample));
    LOGGED_ONCE(cnn_history_epoch(history, 0, &epoch));
    LOGGED_ONCE(cnn_evaluation_metrics(evaluation, &metrics));
    LOGGED_ONCE(
        cnn_session_predict_images(session, (const cnn_image_t *const *)&image, 1, &prediction));
    LOGGED_ONCE(cnn_model_preprocess(model, &preprocess));
    LOGGED_ONCE(cnn_recipe_preprocess(recipe, &preprocess));
}
END_TEST

START_TEST(missing_files)
{
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    uint8_t pixels[64 * 64 * 3];

    LOGGED_ONCE(cnn_image_load(test.context, NO_FILE, NULL, &out.image));
    LOGGED_ONCE(cnn_image_save(image, NO_FILE, NULL));
    LOGGED_ONCE(cnn_preprocess_apply_file(test.context, NULL, NO_FILE, NULL, pixels));
    LOGGED_ONCE(cnn_dataset_open(test.context, NO_FILE, NULL, &out.dataset));
    LOGGED_ONCE(cnn_model_load(test.context, NO_FILE, &out.model));
    LOGGED_ONCE(cnn_model_save(model, NO_FILE, NULL));
    LOGGED_ONCE(cnn_history_save(history, NO_FILE));
    LOGGED_ONCE(cnn_recipe_load(test.context, NO_FILE, &out.recipe));
    LOGGED_ONCE(cnn_session_predict_file(session, NO_FILE, &prediction));
}
END_TEST

START_TEST(damaged_bytes)
{
    static const char bytes[] = "{\"preset\": 1}";
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    uint8_t pixels[64 * 64 * 3];

    LOGGED_ONCE(cnn_image_load_memory(test.context, bytes, sizeof bytes, NULL, &out.image));
    LOGGED_ONCE(cnn_preprocess_apply_memory(test.context, NULL, bytes, sizeof bytes, NULL, pixels));
    LOGGED_ONCE(cnn_session_predict_memory(session, bytes, sizeof bytes, &prediction));
    LOGGED_ONCE(cnn_model_load_memory(test.context, bytes, sizeof bytes, &out.model));
    LOGGED_ONCE(cnn_recipe_load_memory(test.context, bytes, sizeof bytes - 1, &out.recipe));
}
END_TEST

/* Invalid values that internal functions detect, not the public function itself. */
START_TEST(wrong_values)
{
    const cnn_train_options_t rate = {.struct_size = sizeof rate, .learning_rate = -1};
    const cnn_train_options_t frozen = {.struct_size = sizeof frozen, .freeze = "no layer"};
    const cnn_train_options_t patience = {.struct_size = sizeof patience, .patience = 1};
    const cnn_explanation_options_t layer = {.struct_size = sizeof layer, .layer = "no layer"};
    const cnn_memory_options_t memory = {.struct_size = sizeof memory, .training = &frozen};
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess, .std = {-1, 1, 1}};
    const float values[] = {0};
    cnn_node_t node;

    LOGGED_ONCE(cnn_model_train(model, data, NULL, &rate, &out.history));
    LOGGED_ONCE(cnn_model_train(model, data, NULL, &frozen, &out.history));
    LOGGED_ONCE(cnn_model_train(model, data, NULL, &patience, &out.history));
    LOGGED_ONCE(cnn_explanation_create(model, image, &layer, &out.explanation));
    LOGGED_ONCE(cnn_explanation_create(unlabelled, image, NULL, &out.explanation));
    LOGGED_ONCE(cnn_memory_create(graph, &memory, &out.memory));
    LOGGED_ONCE(cnn_dataset_load(data, &preprocess, NULL));
    LOGGED_ONCE(cnn_survey_create(data, NULL, &out.survey)); /* the samples are not photos */
    LOGGED_ONCE(cnn_graph_add_dropout(graph, 0, 2, NULL, &node));
    LOGGED_ONCE(cnn_graph_create_preset(test.context, "no preset", 8, 8, 1, &out.graph));
    LOGGED_ONCE(cnn_model_set_parameter_values(model, "no parameter", values, 1));
    LOGGED_ONCE(cnn_model_set_metadata(model, "", "value"));
    LOGGED_ONCE(cnn_model_evaluate(unlabelled, data, NULL, &out.evaluation));
}
END_TEST

/* cnn_dataset_load_bytes() returns a number of bytes instead of a status, and 0 on failure. */
START_TEST(load_bytes_of_wrong_preprocessing)
{
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess, .std = {-1, 1, 1}};

    ck_assert_uint_eq(cnn_dataset_load_bytes(data, &preprocess), 0);
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 1);
    ck_assert_str_eq(test.last_log, cnn_error_message());
}
END_TEST

START_TEST(cancelled)
{
    cnn_cancel_t *cancel;
    cnn_train_options_t training = {.struct_size = sizeof training};
    cnn_evaluate_options_t evaluate = {.struct_size = sizeof evaluate};

    ck_assert_int_eq(cnn_cancel_create(test.context, &cancel), CNN_OK);
    cnn_cancel_request(cancel);
    training.cancel = cancel;
    evaluate.cancel = cancel;
    LOGGED_ONCE(cnn_model_train(model, data, NULL, &training, &out.history));
    cnn_history_free(out.history); /* not NULL: it has the epochs before the failure */
    LOGGED_ONCE(cnn_model_evaluate(model, data, &evaluate, &out.evaluation));
    cnn_cancel_free(cancel);
}
END_TEST

static cnn_status_t create_graph(void)
{
    const cnn_status_t rc = cnn_graph_create_preset(test.context, "mlp", 8, 8, 1, &out.graph);
    cnn_graph_free(out.graph);
    return rc;
}

static cnn_status_t create_model(void)
{
    const cnn_status_t rc = cnn_model_create(graph, NULL, &out.model);
    cnn_model_free(out.model);
    return rc;
}

static cnn_status_t create_session(void)
{
    const cnn_status_t rc = cnn_session_create(model, NULL, &out.session);
    cnn_session_free(out.session);
    return rc;
}

static cnn_status_t fit(void)
{
    const cnn_train_options_t training = {.struct_size = sizeof training, .epochs = 1};
    const cnn_status_t rc = cnn_model_train(model, data, NULL, &training, &out.history);
    cnn_history_free(out.history);
    return rc;
}

static cnn_status_t evaluate(void)
{
    const cnn_status_t rc = cnn_model_evaluate(model, data, NULL, &out.evaluation);
    cnn_evaluation_free(out.evaluation);
    return rc;
}

static cnn_status_t explain(void)
{
    const cnn_status_t rc = cnn_explanation_create(model, image, NULL, &out.explanation);
    cnn_explanation_free(out.explanation);
    return rc;
}

static cnn_status_t load_recipe(void)
{
    const cnn_status_t rc =
        cnn_recipe_load_memory(test.context, recipe_text, strlen(recipe_text), &out.recipe);
    cnn_recipe_free(out.recipe);
    return rc;
}

static cnn_status_t (*const calls[])(void) = {create_graph, create_model, create_session, fit,
                                              evaluate,     explain,      load_recipe};

/* The call is repeated. Its first allocation fails, then its second, and so on until the call
 * succeeds. */
START_TEST(out_of_memory)
{
    int before;
    cnn_status_t rc = CNN_ERROR_MEMORY;

    for (long n = 1; rc != CNN_OK; n++) {
        before = test.logged[CNN_LOG_ERROR];
        test_context_fail(&test, n);
        rc = calls[_i]();
        test_context_fail(&test, 0);
        ck_assert_int_eq(test.logged[CNN_LOG_ERROR], before + (rc != CNN_OK));
        if (rc != CNN_OK)
            ck_assert_str_eq(test.last_log, cnn_error_message());
    }
}
END_TEST

Suite *suite_error_log(void)
{
    Suite *suite = suite_create("error_log");
    TCase *tests = tcase_create("error_log");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, null_arguments);
    tcase_add_test(tests, indices_out_of_range);
    tcase_add_test(tests, results_without_struct_size);
    tcase_add_test(tests, missing_files);
    tcase_add_test(tests, damaged_bytes);
    tcase_add_test(tests, wrong_values);
    tcase_add_test(tests, load_bytes_of_wrong_preprocessing);
    tcase_add_test(tests, cancelled);
    tcase_add_loop_test(tests, out_of_memory, 0, (int)(sizeof calls / sizeof *calls));
    suite_add_tcase(suite, tests);
    return suite;
}

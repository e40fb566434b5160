/* SPDX-License-Identifier: MIT
 *
 * Frozen layers: they keep all their bits, whatever the options of the training. */
#include <check.h>
#include <string.h>

#include "model/model.h"
#include "support/toy.h"
#include "train/history.h"

static cnn_context_t *context;
static cnn_dataset_t *train, *validation;

static void open_data(uint32_t threads)
{
    context = toy_context(threads);
    train = toy_data(context, 50, 2, 1);
    validation = toy_data(context, 20, 2, 2);
}

static void close_data(void)
{
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    cnn_context_free(context);
}

static void setup(void)
{
    open_data(2);
}

/* Parameters that an addition of 0 would change (-0), and statistics that differ from fresh
 * ones. */
static cnn_model_t *make_model(void)
{
    cnn_model_t *model = toy_model(context, TOY_FULL, 2, 3);

    for (size_t i = 0; i < model->graph->trainable_size; i++)
        if (model->weights[i] == 0)
            model->weights[i] = -0.0f;
    for (size_t i = 0; i < model->graph->statistics_size; i++)
        model->statistics[i] += 0.25f;
    return model;
}

static cnn_status_t fit(cnn_model_t *model, cnn_train_options_t options, const char *freeze)
{
    options.struct_size = sizeof options;
    options.epochs = 2;
    options.batch_size = 16;
    options.freeze = freeze;
    if (options.learning_rate == 0)
        options.learning_rate = 0.01f;
    return cnn_model_train(model, train, validation, &options, NULL);
}

/* Checks that the layers up to freeze (a name; NULL: all but the head) have the same bits in
 * both models, and that every other parameter has changed. */
static void check_parts(const cnn_model_t *before, const cnn_model_t *after, const char *freeze)
{
    const cnn_graph_t *graph = after->graph;
    const size_t nodes =
        freeze ? (size_t)(cd_graph_node(graph, freeze) - graph->nodes) + 1 : graph->n_nodes - 1;

    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *param = &graph->params[i];
        const int same = memcmp(cd_model_values(before, param), cd_model_values(after, param),
                                param->count * sizeof(float)) == 0;
        ck_assert_msg(same == (param->node < nodes), "%s frozen: %s", freeze ? freeze : "but head",
                      param->name);
    }
}

static const char *const layers[] = {"input",   "conv2d", "batch_norm",
                                     "flatten", "dense",  "dropout"};

static const cnn_train_options_t ways[] = {
    {.optimizer = CNN_OPTIMIZER_ADAM},
    {.optimizer = CNN_OPTIMIZER_ADAM, .weight_decay = 0.1f, .clip_norm = 0.01f},
    {.optimizer = CNN_OPTIMIZER_SGD, .momentum = 0.9f, .weight_decay = 0.1f},
    {.optimizer = CNN_OPTIMIZER_SGD, .clip_norm = 0.5f, .average_decay = 0.9f},
    {.optimizer = CNN_OPTIMIZER_ADAM, .weight_decay = 0.1f, .average_decay = 0.9f, .mirror = 1},
};
enum { WAYS = sizeof ways / sizeof *ways };

START_TEST(keeps_all_bits)
{
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        cnn_model_t *before = make_model(), *after = make_model();
        ck_assert_int_eq(fit(after, ways[_i], layers[i]), CNN_OK);
        check_parts(before, after, layers[i]);
        ck_assert_ptr_nonnull(strstr(cnn_model_metadata(after, "training"), "\"freeze\": \""));
        cnn_model_free(before);
        cnn_model_free(after);
    }
    cnn_model_t *before = make_model(), *after = make_model();
    ck_assert_int_eq(fit(after, ways[_i], CNN_FREEZE_ALL_BUT_HEAD), CNN_OK);
    check_parts(before, after, NULL);
    cnn_model_free(before);
    cnn_model_free(after);
}
END_TEST

/* With only the input frozen, the bits are the same as without frozen layers. */
START_TEST(nothing_frozen)
{
    cnn_model_t *plain = make_model(), *frozen = make_model();

    ck_assert_int_eq(fit(plain, ways[_i], NULL), CNN_OK);
    ck_assert_int_eq(fit(frozen, ways[_i], "input"), CNN_OK);
    ck_assert(toy_same_weights(plain, frozen));
    ck_assert_ptr_null(strstr(cnn_model_metadata(plain, "training"), "freeze"));
    cnn_model_free(plain);
    cnn_model_free(frozen);
}
END_TEST

START_TEST(same_bits_on_any_number_of_threads)
{
    cnn_model_t *models[3];

    for (uint32_t i = 0; i < 3; i++) {
        open_data(i + 1);
        models[i] = make_model();
        ck_assert_int_eq(fit(models[i], ways[_i], "batch_norm"), CNN_OK);
        ck_assert(toy_same_weights(models[0], models[i]));
        close_data();
    }
    for (uint32_t i = 0; i < 3; i++)
        cnn_model_free(models[i]);
}
END_TEST

static void refused(cnn_model_t *model, const char *freeze, const char *says)
{
    cnn_model_t *before = make_model();

    ck_assert_int_eq(fit(model, ways[0], freeze), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cnn_train_options_t: freeze"));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), says));
    ck_assert(toy_same_weights(before, model));
    cnn_model_free(before);
}

START_TEST(wrong_layers)
{
    cnn_model_t *model = make_model();

    refused(model, "conv2d_7", "no layer \"conv2d_7\"");
    refused(model, "", "no layer \"\"");
    refused(model, "dense_1", "nothing is left");
    cnn_model_free(model);
}
END_TEST

START_TEST(no_head)
{
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 2};
    const cnn_train_options_t training = {.struct_size = sizeof training,
                                          .freeze = CNN_FREEZE_ALL_BUT_HEAD};
    const cnn_memory_options_t options = {.struct_size = sizeof options, .training = &training};
    cnn_graph_t *graph;
    cnn_memory_t *memory;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 8, 8, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_memory_create(graph, &options, &memory), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "no head"));
    cnn_graph_free(graph);
}
END_TEST

Suite *suite_freeze(void)
{
    Suite *suite = suite_create("freeze");
    TCase *data = tcase_create("freeze"), *threads = tcase_create("threads");

    tcase_set_timeout(data, 60);
    tcase_set_timeout(threads, 60);
    tcase_add_checked_fixture(data, setup, close_data);
    tcase_add_loop_test(data, keeps_all_bits, 0, WAYS);
    tcase_add_loop_test(data, nothing_frozen, 0, WAYS);
    tcase_add_test(data, wrong_layers);
    tcase_add_test(data, no_head);
    tcase_add_loop_test(threads, same_bits_on_any_number_of_threads, 0, WAYS);
    suite_add_tcase(suite, data);
    suite_add_tcase(suite, threads);
    return suite;
}

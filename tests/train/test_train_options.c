/* SPDX-License-Identifier: MIT
 *
 * Defaults of training options: the values of the preset, else general ones. Given values count. */
#include <check.h>

#include "graph/graph.h"
#include "train/train_options.h"

static cnn_context_t *context;

static void setup(void)
{
    const cnn_context_options_t options = {sizeof options, .seed = 99};
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

START_TEST(of_every_preset)
{
    ck_assert_uint_eq(cnn_preset_count(), 5);
    for (size_t i = 0; i < cnn_preset_count(); i++) {
        cnn_preset_info_t preset = {.struct_size = sizeof preset};
        cnn_train_options_t o = {.struct_size = sizeof o};
        cnn_graph_t *graph;
        ck_assert_int_eq(cnn_preset_info(i, &preset), CNN_OK);
        ck_assert_int_eq(cnn_graph_create_preset(context, preset.name, 94, 125, 1, &graph), CNN_OK);
        ck_assert_int_eq(cd_train_options_complete(context, graph->preset, &o), CNN_OK);
        ck_assert_uint_eq(o.epochs, preset.epochs);
        ck_assert_uint_eq(o.batch_size, preset.batch_size);
        ck_assert(o.learning_rate == preset.learning_rate && o.learning_rate > 0);
        ck_assert(o.weight_decay == preset.weight_decay && o.mirror == preset.mirror);
        ck_assert_int_eq(o.warmup_epochs, preset.warmup_epochs);
        ck_assert_int_ne(o.schedule, CNN_SCHEDULE_DEFAULT);
        cnn_graph_free(graph);
    }
}
END_TEST

START_TEST(of_other_graphs)
{
    cnn_train_options_t o = {.struct_size = sizeof o}, given = {.struct_size = sizeof given};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cd_train_options_complete(context, graph->preset, &o), CNN_OK);
    ck_assert_uint_eq(o.epochs, 10);
    ck_assert_uint_eq(o.batch_size, 32);
    ck_assert(o.learning_rate == 0.001f && o.beta1 == 0.9f && o.beta2 == 0.999f);
    ck_assert(o.epsilon == 1e-8f && o.momentum == 0 && o.weight_decay == 0);
    ck_assert_int_eq(o.schedule, CNN_SCHEDULE_CONSTANT);
    ck_assert(o.step_epochs == 10 && o.warmup_epochs == 0 && o.mirror == 0);
    ck_assert(o.step_factor == 0.1f);
    ck_assert_uint_eq(o.seed, 99);
    given.epochs = 3;
    given.batch_size = 5;
    given.learning_rate = 2;
    given.weight_decay = -1;
    given.schedule = CNN_SCHEDULE_STEP;
    given.warmup_epochs = -1;
    given.mirror = -1;
    given.seed = 4;
    ck_assert_int_eq(cd_train_options_complete(context, graph->preset, &given), CNN_OK);
    ck_assert(given.epochs == 3 && given.batch_size == 5 && given.seed == 4);
    ck_assert(given.learning_rate == 2 && given.weight_decay == 0);
    ck_assert_int_eq(given.schedule, CNN_SCHEDULE_STEP);
    ck_assert(given.warmup_epochs == 0 && given.mirror == 0);
    cnn_graph_free(graph);
}
END_TEST

Suite *suite_train_options(void)
{
    Suite *suite = suite_create("train_options");
    TCase *tc = tcase_create("train_options");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, of_every_preset);
    tcase_add_test(tc, of_other_graphs);
    suite_add_tcase(suite, tc);
    return suite;
}

/* SPDX-License-Identifier: MIT
 *
 * Profiles: the figures are present and consistent, the layers are in order, wrong arguments are
 * refused. The speed itself is not tested. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "model/model.h"
#include "plan/passes.h"
#include "plan/step.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"
#include "support/plan_makers.h"
#include "support/toy.h"

enum { MOST = 64 };

static struct failing_allocator allocator;
static cnn_context_t *context;
static cnn_graph_t *graph;
static cnn_profile_t *profile;
static cnn_profile_summary_t summary;
static cnn_profile_entry_t entries[MOST];
static size_t n_entries;

static void setup(void)
{
    context = failing_allocator_context(&allocator, 2);
    graph = every_layer_graph(context);
}

static void teardown(void)
{
    cnn_graph_free(graph);
    cnn_context_free(context);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}

/* Measures a network and stores the results in profile, summary and entries. */
static void measure(const cnn_graph_t *network, const cnn_profile_options_t *options)
{
    summary = (cnn_profile_summary_t){.struct_size = sizeof summary};
    ck_assert_int_eq(cnn_profile_create(network, options, &profile), CNN_OK);
    ck_assert_int_eq(cnn_profile_summary(profile, &summary), CNN_OK);
    n_entries = cnn_profile_entry_count(profile);
    ck_assert_uint_le(n_entries, MOST);
    for (size_t i = 0; i < n_entries; i++) {
        entries[i] = (cnn_profile_entry_t){.struct_size = sizeof entries[i]};
        ck_assert_int_eq(cnn_profile_entry(profile, i, &entries[i]), CNN_OK);
    }
}

static void positive(double value)
{
    ck_assert(isfinite(value) && value > 0);
}

START_TEST(summary_fits_together)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 5, .runs = 3};

    measure(graph, &options);
    ck_assert_uint_eq(summary.threads, 2);
    ck_assert_uint_eq(summary.batch_size, 5);
    ck_assert_str_eq(summary.kernels, cnn_context_kernels(context));
    positive(summary.fma_gflops);
    positive(summary.bandwidth_gbs);
    positive(summary.train_best_seconds);
    positive(summary.predict_best_seconds);
    positive(summary.latency_best_seconds);
    ck_assert_double_ge(summary.train_step_seconds, summary.train_best_seconds);
    ck_assert_double_ge(summary.predict_seconds, summary.predict_best_seconds);
    ck_assert_double_ge(summary.latency_seconds, summary.latency_best_seconds);
    ck_assert_double_eq_tol(summary.train_images_per_second * summary.train_step_seconds, 5, 1e-9);
    ck_assert_double_eq_tol(summary.predict_images_per_second * summary.predict_seconds, 5, 1e-9);
    cnn_profile_free(profile);
}
END_TEST

static size_t layer_index(const char *name)
{
    cnn_layer_info_t info = {.struct_size = sizeof info};

    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++)
        if (cnn_graph_layer(graph, i, &info) == CNN_OK && strcmp(info.name, name) == 0)
            return i;
    ck_abort_msg("no layer \"%s\"", name);
    return 0;
}

/* The entries are the forward and backward passes by layer, the update, then the predictions by
 * layer. */
START_TEST(entries_come_in_order)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 4, .runs = 1};
    size_t update = 0, previous = 0;

    measure(graph, &options);
    while (update < n_entries && entries[update].pass != CNN_PASS_UPDATE)
        update++;
    ck_assert_uint_lt(update, n_entries);
    ck_assert_str_eq(entries[update].layer, "");
    for (size_t i = 0; i < n_entries; i++) {
        if (i == update) {
            previous = 0;
            continue;
        }
        const size_t layer = layer_index(entries[i].layer);
        if (i > update || entries[i].pass == CNN_PASS_FORWARD) {
            ck_assert_uint_gt(layer, previous);
            ck_assert_int_eq(entries[i].pass, i > update ? CNN_PASS_PREDICT : CNN_PASS_FORWARD);
        } else {
            ck_assert_uint_eq(layer, previous);
            ck_assert_int_gt(entries[i].pass, entries[i - 1].pass);
        }
        previous = layer;
    }
    cnn_profile_free(profile);
}
END_TEST

/* A convolution 3 x 3 x 3 x 4 on 12 x 14 with fused pooling, then a dense layer with one output. */
START_TEST(figures_of_a_convolution)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 4, .runs = 2};
    cnn_model_t *model = toy_model(context, TOY_PLAIN, 2, 1);
    cnn_layer_info_t info = {.struct_size = sizeof info};
    int convolutions = 0;

    measure(cnn_model_graph(model), &options);
    for (size_t i = 0; i < n_entries; i++) {
        const cnn_profile_entry_t *e = &entries[i];
        positive(e->seconds);
        positive(e->bytes);
        if (!*e->algorithm)
            continue;
        convolutions++;
        ck_assert_int_eq(cnn_graph_layer(cnn_model_graph(model), 1, &info), CNN_OK);
        ck_assert_str_eq(e->layer, info.name);
        ck_assert_double_eq(e->multiply_adds, 4.0 * (double)info.multiply_adds);
        ck_assert_double_ge(e->bytes, 4.0 * TOY_PIXELS * sizeof(float)); /* at least the images */
        ck_assert_int_ne(e->pass, CNN_PASS_BACKWARD);
        ck_assert_int_ne(e->pass, CNN_PASS_BACKWARD_DATA); /* no layer below needs a gradient */
    }
    ck_assert_int_eq(convolutions, 3); /* forward, backward kernel, predict */
    cnn_profile_free(profile);
    cnn_model_free(model);
}
END_TEST

/* The candidates of one convolution, for training and for predicting: each algorithm with all
 * its passes. One algorithm is chosen. */
START_TEST(candidates_of_a_convolution)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 4, .runs = 1, .tune = 1};
    cnn_model_t *model = toy_model(context, TOY_PLAIN, 2, 1);
    cnn_profile_candidate_t c = {.struct_size = sizeof c};
    int chosen[CNN_PASS_PREDICT + 1] = {0}, all[CNN_PASS_PREDICT + 1] = {0};

    measure(cnn_model_graph(model), &options);
    ck_assert_uint_gt(cnn_profile_candidate_count(profile), 0);
    for (size_t i = 0; i < cnn_profile_candidate_count(profile); i++) {
        ck_assert_int_eq(cnn_profile_candidate(profile, i, &c), CNN_OK);
        ck_assert_str_eq(c.layer, entries[0].layer);
        positive(c.seconds);
        positive(c.cost);
        all[c.pass]++;
        chosen[c.pass] += c.chosen;
        if (c.chosen && c.pass == CNN_PASS_FORWARD)
            ck_assert_str_eq(c.algorithm, entries[0].algorithm);
    }
    ck_assert_int_eq(all[CNN_PASS_FORWARD], all[CNN_PASS_BACKWARD_KERNEL]);
    ck_assert_int_eq(all[CNN_PASS_BACKWARD_DATA], 0);
    ck_assert_int_eq(chosen[CNN_PASS_FORWARD], 1);
    ck_assert_int_eq(chosen[CNN_PASS_BACKWARD_KERNEL], 1);
    ck_assert_int_eq(chosen[CNN_PASS_PREDICT], 1);
    ck_assert_int_eq(cnn_profile_candidate(profile, cnn_profile_candidate_count(profile), &c),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_profile_candidate(profile, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_uint_eq(cnn_profile_candidate_count(NULL), 0);
    cnn_profile_free(profile);
    cnn_model_free(model);
}
END_TEST

START_TEST(inference_alone)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 2, .runs = 1, .predict_only = 1};

    measure(graph, &options);
    ck_assert_double_eq(summary.train_step_seconds, 0);
    ck_assert_double_eq(summary.train_best_seconds, 0);
    ck_assert_double_eq(summary.train_images_per_second, 0);
    positive(summary.predict_images_per_second);
    ck_assert_uint_eq(cnn_profile_candidate_count(profile), 0);
    ck_assert_uint_gt(n_entries, 0);
    for (size_t i = 0; i < n_entries; i++)
        ck_assert_int_eq(entries[i].pass, CNN_PASS_PREDICT);
    cnn_profile_free(profile);
}
END_TEST

/* A profile stays valid when graph and context are freed. */
START_TEST(names_are_its_own)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 1, .runs = 1, .predict_only = 1};

    measure(graph, &options);
    char name[64] = "";
    strncpy(name, entries[0].layer, sizeof name - 1);
    cnn_graph_free(graph);
    cnn_context_free(context);
    graph = NULL;
    context = NULL;
    ck_assert_str_eq(entries[0].layer, name);
    cnn_profile_free(profile);
}
END_TEST

START_TEST(arguments)
{
    cnn_profile_options_t options = {.struct_size = sizeof options, .batch_size = 65537};
    cnn_graph_t *empty;

    profile = (cnn_profile_t *)(void *)&options;
    ck_assert_int_eq(cnn_profile_create(NULL, NULL, &profile), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(profile);
    ck_assert_int_eq(cnn_profile_create(graph, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_profile_create(graph, &options, &profile), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "batch_size"));
    options.batch_size = 1;
    options.runs = 1001;
    ck_assert_int_eq(cnn_profile_create(graph, &options, &profile), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "runs"));
    options.runs = 1;
    ck_assert_int_eq(cnn_graph_create(context, &empty), CNN_OK);
    ck_assert_int_eq(cnn_profile_create(empty, &options, &profile), CNN_ERROR_ARGUMENT);
    cnn_graph_free(empty);
    ck_assert_uint_eq(cnn_profile_entry_count(NULL), 0);
    ck_assert_int_eq(cnn_profile_summary(NULL, &summary), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_profile_entry(NULL, 0, &entries[0]), CNN_ERROR_ARGUMENT);
    cnn_profile_free(NULL);

    options.predict_only = 1;
    measure(graph, &options);
    ck_assert_int_eq(cnn_profile_entry(profile, n_entries, &entries[0]), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_profile_entry(profile, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_profile_summary(profile, NULL), CNN_ERROR_ARGUMENT);
    cnn_profile_free(profile);
}
END_TEST

START_TEST(cancelling)
{
    cnn_profile_options_t options = {.struct_size = sizeof options, .batch_size = 1};
    cnn_cancel_t *cancel;

    ck_assert_int_eq(cnn_cancel_create(context, &cancel), CNN_OK);
    cnn_cancel_request(cancel);
    options.cancel = cancel;
    ck_assert_int_eq(cnn_profile_create(graph, &options, &profile), CNN_ERROR_CANCELLED);
    ck_assert_ptr_null(profile);
    cnn_cancel_free(cancel);
}
END_TEST

START_TEST(each_allocation_refused)
{
    const cnn_profile_options_t options = {
        .struct_size = sizeof options, .batch_size = 1, .runs = 1, .tune = 1};
    size_t at = 1;

    for (;; at++) {
        failing_allocator_set(&allocator, at);
        const cnn_status_t rc = cnn_profile_create(graph, &options, &profile);
        if (!failing_allocator_failed(&allocator))
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
        ck_assert_ptr_null(profile);
    }
    ck_assert_uint_gt(at, 20);
    failing_allocator_set(&allocator, 0);
    cnn_profile_free(profile);
}
END_TEST

/* the plan */

enum { BATCH = 3 };

/* The gradients of a step on fixed data, with or without timed passes. */
static void step_gradients(struct cd_plan *plan, const cnn_model_t *model,
                           struct cd_step_times *times, float *gradients)
{
    const cnn_graph_t *own = model->graph;
    const size_t in = cd_shape_size(own->nodes[0].shape);
    float x[BATCH * EVERY_LAYER_HEIGHT * EVERY_LAYER_WIDTH * 3];
    float dy[BATCH * EVERY_LAYER_CLASSES];

    for (size_t i = 0; i < BATCH * in; i++)
        x[i] = cd_random_float(7, i) - 0.5f;
    for (size_t i = 0; i < BATCH * EVERY_LAYER_CLASSES; i++)
        dy[i] = cd_random_float(8, i) - 0.5f;
    cd_plan_take_times(plan, times);
    cd_plan_forward(plan, model->weights, model->statistics, x, BATCH, 1, 2);
    cd_plan_backward(plan, model->weights, dy, 0, gradients);
}

START_TEST(taking_times_changes_no_bit)
{
    cnn_model_t *model;
    struct cd_plan *plan;

    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    ck_assert_int_eq(plan_of(model->graph, BATCH, 1, &plan), CNN_OK);
    const size_t size = model->graph->trainable_size;
    struct cd_step_times *times = cd_alloc(context, plan->n_steps, sizeof *times);
    float *a = cd_alloc(context, size, sizeof *a), *b = cd_alloc(context, size, sizeof *b);
    int convolutions_apart = 0;

    step_gradients(plan, model, NULL, a);
    step_gradients(plan, model, times, b);
    ck_assert_mem_eq(a, b, size * sizeof *a);
    for (size_t s = 0; s < plan->n_steps; s++) {
        positive(times[s].forward);
        ck_assert_double_ge(times[s].backward, times[s].backward_data);
        convolutions_apart += times[s].backward_data > 0;
    }
    ck_assert_int_gt(convolutions_apart, 0);
    cd_free(context, a);
    cd_free(context, b);
    cd_free(context, times);
    cd_plan_free(plan);
    cnn_model_free(model);
}
END_TEST

Suite *suite_profile(void)
{
    Suite *suite = suite_create("profile");
    TCase *tests = tcase_create("profile");

    tcase_set_timeout(tests, 240);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, summary_fits_together);
    tcase_add_test(tests, entries_come_in_order);
    tcase_add_test(tests, figures_of_a_convolution);
    tcase_add_test(tests, candidates_of_a_convolution);
    tcase_add_test(tests, inference_alone);
    tcase_add_test(tests, names_are_its_own);
    tcase_add_test(tests, arguments);
    tcase_add_test(tests, cancelling);
    tcase_add_test(tests, each_allocation_refused);
    tcase_add_test(tests, taking_times_changes_no_bit);
    suite_add_tcase(suite, tests);
    return suite;
}

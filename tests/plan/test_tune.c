/* SPDX-License-Identifier: MIT
 *
 * Choosing the algorithms of convolutions: the cost model is the default; measuring gives the same
 * results within rounding, whichever algorithms are the fastest. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "model/model.h"
#include "plan/step.h"
#include "plan/tune.h"
#include "support/failing_allocator.h"
#include "support/plan_makers.h"

enum { BATCH = 3, HEIGHT = 20, WIDTH = 23, PIXELS = HEIGHT * WIDTH * 3 };

static struct failing_allocator allocator;

static cnn_context_t *make_context(cnn_tune_t tune)
{
    cnn_context_t *context = failing_allocator_context(&allocator, 2);

    context->tune = tune == CNN_TUNE_MEASURED;
    return context;
}

/* Two convolutions with poolings. Only the second computes the gradient by its input. */
static cnn_model_t *make_model(cnn_context_t *context)
{
    const cnn_model_options_t options = {.struct_size = sizeof options, .seed = 3};
    cnn_graph_t *graph;
    cnn_model_t *model;

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv48x2", HEIGHT, WIDTH, 1, &graph),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &options, &model), CNN_OK);
    cnn_graph_free(graph);
    return model;
}

struct result {
    float y;
    float *gradients;
    size_t size;
};

/* One training step on fixed images. */
static struct result run(cnn_context_t *context)
{
    static float x[BATCH * PIXELS];
    float dy[BATCH] = {0.3f, -0.2f, 0.1f};
    cnn_model_t *model = make_model(context);
    struct result result = {.size = model->graph->trainable_size};
    const struct cd_plan_options options = {.batch = BATCH, .training = 1};
    struct cd_plan *plan;

    for (size_t i = 0; i < BATCH * PIXELS; i++)
        x[i] = cd_random_float(5, i) - 0.5f;
    ck_assert_int_eq(cd_plan_create_tuned(model->graph, &options, &plan), CNN_OK);
    result.gradients = cd_alloc(context, result.size, sizeof(float));
    result.y = cd_plan_forward(plan, model->weights, model->statistics, x, BATCH, 0, 0)[BATCH - 1];
    cd_plan_backward(plan, model->weights, dy, 0, result.gradients);
    cd_plan_free(plan);
    cnn_model_free(model);
    return result;
}

static double difference(const struct result *a, const struct result *b)
{
    double sum = 0, size = 0;

    ck_assert_uint_eq(a->size, b->size);
    for (size_t i = 0; i < a->size; i++) {
        const double d = (double)a->gradients[i] - (double)b->gradients[i];
        sum += d * d;
        size += (double)a->gradients[i] * (double)a->gradients[i];
    }
    ck_assert_double_gt(size, 0);
    return sqrt(sum / size);
}

/* Whatever is chosen, output and gradients agree with the cost model's choice. */
START_TEST(measured_choice_gives_the_same_results)
{
    cnn_context_t *by_model = make_context(CNN_TUNE_COST_MODEL);
    cnn_context_t *measured = make_context(CNN_TUNE_MEASURED);
    struct result a = run(by_model), b = run(measured);

    ck_assert_float_eq_tol(a.y, b.y, 1e-4f);
    ck_assert_double_lt(difference(&a, &b), 1e-3);
    cd_free(by_model, a.gradients);
    cd_free(measured, b.gradients);
    cnn_context_free(by_model);
    cnn_context_free(measured);
}
END_TEST

/* The candidates include the general algorithm and the plan's own choice, in every pass. */
START_TEST(every_algorithm_is_measured)
{
    cnn_context_t *context = make_context(CNN_TUNE_COST_MODEL);
    cnn_model_t *model = make_model(context);
    struct cd_plan *plan;
    struct cd_plan_candidate *candidates;
    size_t n, general = 0, chosen = 0;

    ck_assert_int_eq(plan_of(model->graph, BATCH, 1, &plan), CNN_OK);
    candidates = cd_alloc(context, cd_plan_candidates_most(plan), sizeof *candidates);
    ck_assert_int_eq(cd_plan_candidates(plan, NULL, candidates, &n), CNN_OK);
    ck_assert_uint_le(n, cd_plan_candidates_most(plan));
    for (size_t i = 0; i < n; i++) {
        const struct cd_plan_candidate *c = &candidates[i];
        ck_assert_double_gt(c->cost, 0);
        ck_assert_double_gt(c->seconds, 0);
        general += strcmp(c->algorithm, cd_conv_general.name) == 0;
        chosen += (size_t)c->chosen;
    }
    ck_assert_uint_eq(general, 5); /* two passes of the first, three of the second */
    ck_assert_uint_eq(chosen, 5);
    cd_free(context, candidates);
    cd_plan_free(plan);
    cnn_model_free(model);
    cnn_context_free(context);
}
END_TEST

/* By default the plan uses the algorithm with the least cost. */
START_TEST(default_is_the_cost_model)
{
    cnn_context_t *context;
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    ck_assert_int_eq(context->tune, 0);
    cnn_model_t *model = make_model(context);
    struct cd_plan *plan;

    ck_assert_int_eq(plan_of(model->graph, BATCH, 1, &plan), CNN_OK);
    for (size_t s = 0; s < 2; s++) {
        const struct cd_step *step = &plan->steps[s];
        const struct cd_conv_algorithm *const *other = plan->kernels->conv_algorithms;
        const double least = cd_conv_cost(step->algorithm, &step->conv_layer, step->passes);
        ck_assert_double_gt(least, 0);
        for (; *other; other++) {
            const double cost = cd_conv_cost(*other, &step->conv_layer, step->passes);
            ck_assert(cost == 0 || cost >= least);
        }
    }
    cd_plan_free(plan);
    cnn_model_free(model);
    cnn_context_free(context);
}
END_TEST

/* Making a session that measures returns MEMORY whichever allocation fails, and loses nothing. */
START_TEST(each_allocation_refused)
{
    cnn_context_t *context = make_context(CNN_TUNE_MEASURED);
    cnn_model_t *model = make_model(context);
    const cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = 1};
    cnn_session_t *session;
    size_t at = 1;

    for (;; at++) {
        failing_allocator_set(&allocator, at);
        const cnn_status_t rc = cnn_session_create(model, &options, &session);
        if (!failing_allocator_failed(&allocator))
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
    }
    ck_assert_uint_gt(at, 20);
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_context_free(context);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

START_TEST(option)
{
    cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1};
    cnn_context_t *context;

    options.tune = CNN_TUNE_MEASURED;
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(context->tune, 1);
    cnn_context_free(context);
    options.tune = (cnn_tune_t)2;
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "tune"));
}
END_TEST

Suite *suite_tune(void)
{
    Suite *suite = suite_create("tune");
    TCase *tests = tcase_create("tune");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, measured_choice_gives_the_same_results);
    tcase_add_test(tests, every_algorithm_is_measured);
    tcase_add_test(tests, default_is_the_cost_model);
    tcase_add_test(tests, each_allocation_refused);
    tcase_add_test(tests, option);
    suite_add_tcase(suite, tests);
    return suite;
}

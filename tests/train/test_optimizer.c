/* SPDX-License-Identifier: MIT
 *
 * Optimizers: steps against the published formulas in double precision, over several blocks,
 * with weight decay on kernels only. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "support/plan_makers.h"
#include "train/optimizer.h"

enum { STEPS = 20 };

static cnn_context_t *context;
static cnn_graph_t *graph;

/* 3 x 11 kernel; dense 11 x 3001 (two blocks and a tail), bias, batch normalisation. */
static void setup_threads(uint32_t threads)
{
    const cnn_context_options_t options = {sizeof options, .threads = threads};
    const cnn_dense_options_t wide = {sizeof wide, .units = 3001,
                                      .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t one = {sizeof one, .units = 1, .no_bias = 1};
    cnn_node_t node;

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 11, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &wide, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &one, &node), CNN_OK);
}

static void setup(void)
{
    setup_threads(2);
}

static void teardown(void)
{
    cnn_graph_free(graph);
    cnn_context_free(context);
}

struct state {
    float *w, *g;
    double *exact, *m, *v;
    struct cd_optimizer optimizer;
};

static struct state make_state(const cnn_train_options_t *options)
{
    const size_t size = graph->trainable_size;
    struct state s = {.w = cd_alloc(context, size, sizeof(float)),
                      .g = cd_alloc(context, size, sizeof(float)),
                      .exact = cd_alloc(context, size, sizeof(double)),
                      .m = cd_alloc(context, size, sizeof(double)),
                      .v = cd_alloc(context, size, sizeof(double))};

    ck_assert_int_eq(cd_optimizer_init(graph, NULL, options, &s.optimizer), CNN_OK);
    for (size_t i = 0; i < graph->n_params; i++)
        for (size_t j = 0; graph->params[i].trainable && j < graph->params[i].count; j++) {
            size_t at = graph->params[i].offset + j;
            s.exact[at] = s.w[at] = 2 * cd_random_float(5, at) - 1;
        }
    return s;
}

static void free_state(struct state *s)
{
    cd_optimizer_release(&s->optimizer);
    cd_free(context, s->w);
    cd_free(context, s->g);
    cd_free(context, s->exact);
    cd_free(context, s->m);
    cd_free(context, s->v);
}

static void draw_gradients(struct state *s, uint64_t step)
{
    for (size_t i = 0; i < graph->n_params; i++)
        for (size_t j = 0; graph->params[i].trainable && j < graph->params[i].count; j++) {
            size_t at = graph->params[i].offset + j;
            s->g[at] = (2 * cd_random_float(step, at) - 1) * (at % 3 ? 1.0f : 1e-3f);
        }
}

/* One step of one weight, as published. */
static void adam(struct state *s, size_t at, double t, double rate, double decay)
{
    const double b1 = 0.9f, b2 = 0.999f, g = s->g[at];
    s->m[at] = b1 * s->m[at] + (1 - b1) * g;
    s->v[at] = b2 * s->v[at] + (1 - b2) * g * g;
    double m = s->m[at] / (1 - pow(b1, t)), v = s->v[at] / (1 - pow(b2, t));
    s->exact[at] -= rate * decay * s->exact[at] + rate * m / (sqrt(v) + 1e-8);
}

static void sgd(struct state *s, size_t at, double rate, double decay)
{
    s->v[at] = 0.75 * s->v[at] - rate * s->g[at];
    s->exact[at] += s->v[at] - rate * decay * s->exact[at];
}

static double rate_of(uint64_t step)
{
    return 0.01 / (1 + (double)step);
}

static void step_both(struct state *s, uint64_t step, double decay)
{
    draw_gradients(s, step);
    cd_optimizer_step(&s->optimizer, step + 1, rate_of(step), s->g, s->w);
    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *param = &graph->params[i];
        double d = param->role == CD_PARAM_KERNEL ? decay : 0;
        for (size_t j = 0; param->trainable && j < param->count; j++) {
            if (s->optimizer.options.optimizer == CNN_OPTIMIZER_ADAM)
                adam(s, param->offset + j, (double)step + 1, rate_of(step), d);
            else
                sgd(s, param->offset + j, rate_of(step), d);
        }
    }
}

static void check_run(cnn_optimizer_t kind, float decay)
{
    const cnn_train_options_t options = {.optimizer = kind,
                                         .beta1 = 0.9f,
                                         .beta2 = 0.999f,
                                         .epsilon = 1e-8f,
                                         .momentum = 0.75f,
                                         .weight_decay = decay};
    struct state s = make_state(&options);

    for (uint64_t step = 0; step < STEPS; step++)
        step_both(&s, step, (double)decay);
    for (size_t i = 0; i < graph->trainable_size; i++)
        ck_assert_double_eq_tol((double)s.w[i], s.exact[i], 2e-6);
    free_state(&s);
}

START_TEST(adam_as_published)
{
    check_run(CNN_OPTIMIZER_ADAM, 0);
}
END_TEST

START_TEST(adam_with_decay_of_kernels)
{
    check_run(CNN_OPTIMIZER_ADAM, 2.5f);
}
END_TEST

START_TEST(sgd_with_momentum)
{
    check_run(CNN_OPTIMIZER_SGD, 0);
    check_run(CNN_OPTIMIZER_SGD, 2.5f);
}
END_TEST

/* SGD without momentum: the length of a step is the learning rate times the norm, at most the
 * limit, and its direction is the gradient. Gradients below the limit give the same bits as
 * without clipping. */
START_TEST(clips_by_the_norm)
{
    const cnn_train_options_t plain = {.optimizer = CNN_OPTIMIZER_SGD};
    cnn_train_options_t clipped = plain;
    struct state a = make_state(&plain);
    double sum = 0;

    draw_gradients(&a, 0);
    for (size_t i = 0; i < graph->trainable_size; i++)
        sum += (double)a.g[i] * (double)a.g[i];
    const double norm = sqrt(sum);
    cd_optimizer_step(&a.optimizer, 1, 0.5, a.g, a.w);
    for (int above = 0; above < 2; above++) {
        clipped.clip_norm = (float)(above ? norm * 1.001 : norm / 4);
        struct state b = make_state(&clipped);
        draw_gradients(&b, 0);
        cd_optimizer_step(&b.optimizer, 1, 0.5, b.g, b.w);
        for (size_t i = 0; i < graph->trainable_size; i++) {
            const double expected = b.exact[i] - 0.5 * (double)a.g[i] / 4;
            if (above)
                ck_assert(a.w[i] == b.w[i]);
            else
                ck_assert_double_eq_tol((double)b.w[i], expected, 1e-6);
        }
        free_state(&b);
    }
    free_state(&a);
}
END_TEST

/* With clipping, Adam gets all gradients: the plan updates no weights itself. */
START_TEST(clipping_sees_all_gradients)
{
    const cnn_train_options_t plain = {.optimizer = CNN_OPTIMIZER_ADAM},
                              clipped = {.optimizer = CNN_OPTIMIZER_ADAM, .clip_norm = 1};
    struct cd_plan *plan;
    struct cd_optimizer optimizer;

    ck_assert_int_eq(plan_of(graph, 2, 1, &plan), CNN_OK);
    ck_assert_int_eq(cd_optimizer_init(graph, plan, &plain, &optimizer), CNN_OK);
    ck_assert(optimizer.fused && optimizer.gradients < graph->trainable_size);
    cd_optimizer_release(&optimizer);
    ck_assert_int_eq(cd_optimizer_init(graph, plan, &clipped, &optimizer), CNN_OK);
    ck_assert(!optimizer.fused && optimizer.gradients == graph->trainable_size);
    cd_optimizer_release(&optimizer);
    cd_plan_free(plan);
}
END_TEST

START_TEST(every_weight_once)
{
    const cnn_train_options_t options = {.optimizer = CNN_OPTIMIZER_SGD};
    struct state s = make_state(&options);
    size_t covered = 0, trainable = 0, next = 0;

    for (size_t i = 0; i < s.optimizer.n_blocks; i++) {
        ck_assert_uint_ge(s.optimizer.blocks[i].first, next);
        next = s.optimizer.blocks[i].first + s.optimizer.blocks[i].count;
        covered += s.optimizer.blocks[i].count;
    }
    for (size_t i = 0; i < graph->n_params; i++)
        trainable += graph->params[i].trainable ? graph->params[i].count : 0;
    ck_assert_uint_eq(covered, trainable);
    ck_assert_uint_le(next, graph->trainable_size);
    ck_assert_ptr_nonnull(s.optimizer.moments[0]);
    ck_assert_ptr_null(s.optimizer.moments[1]);
    free_state(&s);
}
END_TEST

static uint64_t bits_after_steps(uint32_t threads)
{
    const cnn_train_options_t options = {.beta1 = 0.9f, .beta2 = 0.999f, .epsilon = 1e-8f,
                                         .clip_norm = 1};
    uint64_t key = 0;

    setup_threads(threads);
    struct state s = make_state(&options);
    for (uint64_t step = 0; step < 3; step++) {
        draw_gradients(&s, step);
        cd_optimizer_step(&s.optimizer, step + 1, 0.01, s.g, s.w);
    }
    for (size_t i = 0; i < graph->trainable_size; i++) {
        uint32_t bits;
        memcpy(&bits, &s.w[i], sizeof bits);
        key = cd_random_mix(key ^ bits);
    }
    free_state(&s);
    teardown();
    return key;
}

START_TEST(same_bits_for_any_threads)
{
    uint64_t one = bits_after_steps(1);
    ck_assert(bits_after_steps(2) == one);
    ck_assert(bits_after_steps(7) == one);
}
END_TEST

Suite *suite_optimizer(void)
{
    Suite *suite = suite_create("optimizer");
    TCase *tc = tcase_create("formulas"), *threads = tcase_create("threads");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, adam_as_published);
    tcase_add_test(tc, adam_with_decay_of_kernels);
    tcase_add_test(tc, sgd_with_momentum);
    tcase_add_test(tc, clips_by_the_norm);
    tcase_add_test(tc, clipping_sees_all_gradients);
    tcase_add_test(tc, every_weight_once);
    suite_add_tcase(suite, tc);
    tcase_add_test(threads, same_bits_for_any_threads);
    suite_add_tcase(suite, threads);
    return suite;
}

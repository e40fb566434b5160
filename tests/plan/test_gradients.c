/* SPDX-License-Identifier: MIT
 *
 * Plans are compared with an evaluation in double precision, for every kernel table: outputs in
 * prediction and training, and the gradients of every layer kind with central differences. The bits
 * must be the same on 1, 2, 3 and 7 threads. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "graph/graph_build.h"
#include "kernels/kernels.h"
#include "plan/plan.h"
#include "support/double_net.h"
#include "support/kernel_tables.h"
#include "support/layer_nets.h"
#include "support/plan_makers.h"

enum { IMAGES = 5, SEED = 11, STEP = 3 };

static cnn_context_t *make_context(const struct cd_kernels *kernels, uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context = NULL;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    context->kernels = kernels;
    return context;
}

#define OK(call) ck_assert_msg((call) == CNN_OK, "%s", cd_error_message())

struct fixture {
    cnn_context_t *context;
    cnn_graph_t *graph;
    float *weights, *statistics, *x, *dy;
    size_t outputs;
};

static float spread(uint64_t key, uint64_t i)
{
    return 2.0f * cd_random_float(key, i) - 1.0f;
}

static struct fixture make_fixture(int network, const struct cd_kernels *kernels, uint32_t threads)
{
    struct fixture f = {.context = make_context(kernels, threads)};
    OK(cd_graph_create(f.context, &f.graph));
    layer_net_build(f.graph, network);
    f.outputs = cd_shape_size(cd_graph_output(f.graph)->shape);
    const size_t inputs = cd_shape_size(f.graph->nodes[0].shape);
    f.weights = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    f.statistics = cd_alloc(f.context, f.graph->statistics_size, sizeof(float));
    f.x = cd_alloc(f.context, IMAGES * inputs, sizeof(float));
    f.dy = cd_alloc(f.context, IMAGES * f.outputs, sizeof(float));
    for (size_t p = 0; p < f.graph->n_params; p++) {
        const struct cd_param *param = &f.graph->params[p];
        float *values = (param->trainable ? f.weights : f.statistics) + param->offset;
        const float size =
            param->role == CD_PARAM_KERNEL ? sqrtf(3.0f / (float)param->fan_in) : 0.5f;
        for (size_t i = 0; i < param->count; i++)
            values[i] = size * spread(p + 1, i) +
                        (param->role == CD_PARAM_GAMMA || param->role == CD_PARAM_MOVING_VARIANCE);
    }
    for (size_t i = 0; i < IMAGES * inputs; i++)
        f.x[i] = spread(100, i);
    for (size_t i = 0; i < IMAGES * f.outputs; i++)
        f.dy[i] = spread(101, i);
    return f;
}

static void free_fixture(struct fixture *f)
{
    cd_free(f->context, f->weights);
    cd_free(f->context, f->statistics);
    cd_free(f->context, f->x);
    cd_free(f->context, f->dy);
    cd_graph_free(f->graph);
    cd_context_unref(f->context);
}

static double *to_double(const float *from, size_t n)
{
    double *to = malloc((n + 1) * sizeof *to);
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
    return to;
}

static void check_outputs(const struct fixture *f, const float *y, size_t n, int training)
{
    double *weights = to_double(f->weights, f->graph->trainable_size);
    double *want = malloc(n * f->outputs * sizeof *want);
    double_net_run(f->graph, weights, f->statistics, f->x, n, training, SEED, STEP, want);
    for (size_t i = 0; i < n * f->outputs; i++)
        ck_assert_msg(fabs(y[i] - want[i]) <= 2e-5 * (1.0 + fabs(want[i])),
                      "output %zu is %.8g instead of %.8g", i, y[i], want[i]);
    free(weights);
    free(want);
}

START_TEST(prediction)
{
    struct fixture f = make_fixture(_i % LAYER_NETS, kernel_table(_i / LAYER_NETS), 2);
    for (int training = 0; training < 2; training++) { /* a training plan predicts as well */
        struct cd_plan *plan;
        OK(plan_of(f.graph, IMAGES, training, &plan));
        for (size_t n = 1; n <= IMAGES; n += 2)
            check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, n), n, 0);
        ck_assert_uint_gt(cd_plan_bytes(plan), 0);
        cd_plan_free(plan);
    }
    free_fixture(&f);
}
END_TEST

/* After a change of weights or statistics the kernels are folded and prepared again. */
START_TEST(prediction_with_other_weights)
{
    struct fixture f = make_fixture(LAYER_NET_RESNET, kernel_table(_i), 2);
    struct cd_plan *plan;
    OK(plan_of(f.graph, IMAGES, 0, &plan));
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, IMAGES), IMAGES, 0);
    for (size_t i = 0; i < f.graph->trainable_size; i++)
        f.weights[i] *= i % 2 ? 0.7f : 1.2f;
    cd_plan_set_weights_version(plan, 2);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, IMAGES), IMAGES, 0);
    for (size_t i = 0; i < f.graph->statistics_size; i++)
        f.statistics[i] = 0.5f * f.statistics[i] + 0.25f;
    cd_plan_set_weights_version(plan, 3);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, IMAGES), IMAGES, 0);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, 2), 2, 0);
    cd_plan_free(plan);
    free_fixture(&f);
}
END_TEST

/* Sum of dy y over the batch, with weights[at] set to value. */
static double loss_at(const struct fixture *f, double *weights, size_t at, double value, double *y)
{
    const double before = weights[at];
    double sum = 0.0;
    weights[at] = value;
    double_net_run(f->graph, weights, f->statistics, f->x, IMAGES, 1, SEED, STEP, y);
    weights[at] = before;
    for (size_t i = 0; i < IMAGES * f->outputs; i++)
        sum += f->dy[i] * y[i];
    return sum;
}

/* Computes the central difference at one weight. Returns 0 if two step sizes disagree: then a kink
 * of ReLU or of a maximum lies in between, and there is no slope. */
static int difference(const struct fixture *f, double *weights, size_t at, double *y, double *slope)
{
    const double w = weights[at], h = 1e-5;
    const double wide =
        (loss_at(f, weights, at, w + h, y) - loss_at(f, weights, at, w - h, y)) / (2.0 * h);
    *slope = (loss_at(f, weights, at, w + h / 8, y) - loss_at(f, weights, at, w - h / 8, y)) /
             (2.0 * h / 8);
    return fabs(wide - *slope) < 1e-5 * (1.0 + fabs(wide));
}

START_TEST(gradients_of_all_layers)
{
    struct fixture f = make_fixture(_i % LAYER_NETS, kernel_table(_i / LAYER_NETS), 2);
    float *got = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    float *statistics = malloc((f.graph->statistics_size + 1) * sizeof(float));
    double *weights = to_double(f.weights, f.graph->trainable_size);
    double *y = malloc(IMAGES * f.outputs * sizeof *y);
    struct cd_plan *plan;
    size_t compared = 0, kinks = 0;

    memcpy(statistics, f.statistics, f.graph->statistics_size * sizeof(float));
    OK(plan_of(f.graph, IMAGES, 1, &plan));
    check_outputs(&f, cd_plan_forward(plan, f.weights, statistics, f.x, IMAGES, SEED, STEP), IMAGES,
                  1);
    float *dy = malloc(IMAGES * f.outputs * sizeof *dy);
    memcpy(dy, f.dy, IMAGES * f.outputs * sizeof *dy);
    cd_plan_backward(plan, f.weights, dy, 0, got);
    for (size_t p = 0; p < f.graph->n_params; p++) {
        const struct cd_param *param = &f.graph->params[p];
        const size_t tries = param->count < 12 ? param->count : 12;
        for (size_t t = 0; param->trainable && t < tries; t++) {
            const size_t at = param->offset + cd_random_bits(p + 50, t) % param->count;
            double slope;
            if (!difference(&f, weights, at, y, &slope)) {
                kinks++;
                continue;
            }
            compared++;
            ck_assert_msg(fabs(got[at] - slope) <= 3e-4 * (0.05 + fabs(slope)),
                          "%s[%zu]: gradient %.8g instead of %.8g", param->name, at - param->offset,
                          got[at], slope);
        }
    }
    ck_assert_uint_gt(compared, 8 * kinks + 15);
    cd_plan_free(plan);
    cd_free(f.context, got);
    free(statistics);
    free(weights);
    free(y);
    free(dy);
    free_fixture(&f);
}
END_TEST

/* Backward with the gradient before the output's activation gives the same as with the gradient
 * after it: for a sigmoid p, d/dz = d/dp p (1 - p). */
START_TEST(before_activation)
{
    struct fixture f = make_fixture(LAYER_NET_ARTICLE, kernel_table(_i), 2);
    const size_t size = f.graph->trainable_size;
    float *after = cd_alloc(f.context, size, sizeof(float));
    float *before = cd_alloc(f.context, size, sizeof(float));
    float dy[IMAGES], dz[IMAGES];
    struct cd_plan *plan;

    OK(plan_of(f.graph, IMAGES, 1, &plan));
    const float *p = cd_plan_forward(plan, f.weights, f.statistics, f.x, IMAGES, SEED, STEP);
    for (size_t i = 0; i < IMAGES; i++) {
        dy[i] = f.dy[i];
        dz[i] = f.dy[i] * p[i] * (1.0f - p[i]);
    }
    cd_plan_backward(plan, f.weights, dy, 0, after);
    cd_plan_forward(plan, f.weights, f.statistics, f.x, IMAGES, SEED, STEP);
    cd_plan_backward(plan, f.weights, dz, 1, before);
    for (size_t i = 0; i < size; i++)
        ck_assert_msg(fabsf(after[i] - before[i]) <= 1e-6f * (1.0f + fabsf(after[i])),
                      "weight %zu: %g and %g", i, after[i], before[i]);
    cd_plan_free(plan);
    cd_free(f.context, after);
    cd_free(f.context, before);
    free_fixture(&f);
}
END_TEST

/* Output, gradients and statistics of one training step, as bytes. */
static unsigned char *training_step(int network, const struct cd_kernels *kernels, uint32_t threads,
                                    size_t *size)
{
    struct fixture f = make_fixture(network, kernels, threads);
    const size_t outputs = IMAGES * f.outputs * sizeof(float);
    const size_t gradient_bytes = f.graph->trainable_size * sizeof(float);
    const size_t statistics = f.graph->statistics_size * sizeof(float);
    unsigned char *bytes = calloc(outputs + gradient_bytes + statistics, 1);
    float *block = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    struct cd_plan *plan;

    OK(plan_of(f.graph, IMAGES, 1, &plan));
    memcpy(bytes, cd_plan_forward(plan, f.weights, f.statistics, f.x, IMAGES, SEED, STEP), outputs);
    cd_plan_backward(plan, f.weights, f.dy, 0, block);
    memcpy(bytes + outputs, block, gradient_bytes);
    memcpy(bytes + outputs + gradient_bytes, f.statistics, statistics);
    *size = outputs + gradient_bytes + statistics;
    cd_plan_free(plan);
    cd_free(f.context, block);
    free_fixture(&f);
    return bytes;
}

START_TEST(same_bits_on_any_number_of_threads)
{
    const struct cd_kernels *table = kernel_table(_i);
    const uint32_t threads[] = {2, 3, 7};
    for (int network = 0; network < LAYER_NETS; network++) {
        size_t size, other_size;
        unsigned char *one = training_step(network, table, 1, &size);
        for (size_t t = 0; t < 3; t++) {
            unsigned char *other = training_step(network, table, threads[t], &other_size);
            ck_assert_uint_eq(size, other_size);
            ck_assert_msg(memcmp(one, other, size) == 0, "%s, network %d: %u threads differ",
                          table->name, network, threads[t]);
            free(other);
        }
        free(one);
    }
}
END_TEST

/* Batch normalisation moves its statistics by the batch's mean and biased variance. */
START_TEST(moving_statistics)
{
    cnn_context_t *context = make_context(kernel_table(_i), 2);
    const cnn_batch_norm_options_t options = {
        .struct_size = sizeof options, .momentum = 0.9f, .epsilon = 1e-3f};
    cnn_graph_t *graph;
    cnn_node_t node;
    struct cd_plan *plan;
    const float x[] = {1.0f, 2.0f, 3.0f, 6.0f}, weights[32] = {1.0f};
    float statistics[32] = {0.0f};

    OK(cd_graph_create(context, &graph));
    OK(cd_graph_add_input(graph, NULL, (struct cd_shape){1, 2, 1}, &node));
    OK(cd_graph_add_batch_norm(graph, node, &options, &node));
    const struct cd_param *mean = &graph->params[2], *variance = &graph->params[3];
    statistics[variance->offset] = 1.0f;
    OK(plan_of(graph, 2, 1, &plan));
    cd_plan_forward(plan, weights, statistics, x, 2, 0, 0);
    ck_assert_float_eq_tol(statistics[mean->offset], 0.1f * 3.0f, 1e-6f);
    ck_assert_float_eq_tol(statistics[variance->offset], 0.9f + 0.1f * 3.5f, 1e-6f);
    cd_plan_free(plan);
    cd_graph_free(graph);
    cd_context_unref(context);
}
END_TEST

Suite *suite_gradients(void)
{
    Suite *suite = suite_create("gradients");
    TCase *tcase = tcase_create("against differences in double precision");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, prediction, 0, LAYER_NETS * kernel_table_count());
    tcase_add_loop_test(tcase, prediction_with_other_weights, 0, kernel_table_count());
    tcase_add_loop_test(tcase, gradients_of_all_layers, 0, LAYER_NETS * kernel_table_count());
    tcase_add_loop_test(tcase, before_activation, 0, kernel_table_count());
    tcase_add_loop_test(tcase, same_bits_on_any_number_of_threads, 0, kernel_table_count());
    tcase_add_loop_test(tcase, moving_statistics, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}

/* SPDX-License-Identifier: MIT
 *
 * Two trainings that PyTorch computed in float64 (tests/golden/), repeated step by step: losses,
 * first gradients, weights and predictions. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "golden/golden_steps.h"
#include "model/model.h"
#include "support/kernel_tables.h"
#include "train/loss.h"
#include "train/train_options.h"
#include "train/trainer.h"

/* The float32 results of PyTorch differ from its float64 results by up to 1e-7 (weights) and
 * 3e-7 (sums). */
static const double LOSS = 5e-7, GRADIENT = 5e-7, WEIGHT = 2e-6, SUM = 1e-5, OUTPUT = 2e-6;

enum { STEPS = 5, MAX_OUTPUTS = 12 };

static cnn_context_t *context;

/* the random numbers of the reference */

static uint32_t state;

static double next(double scale)
{
    state = state * 1664525u + 1013904223u;
    return ((double)(state >> 8) / 16777216.0 - 0.5) * scale;
}

static void fill_kernels(cnn_model_t *model)
{
    const cnn_graph_t *graph = model->graph;

    state = 12345;
    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *param = &graph->params[i];
        float *values = cd_model_values(model, param);
        size_t field = param->rank == 4 ? param->dims[0] * param->dims[1] : 1;
        size_t fans = field * (param->dims[param->rank - 1] +
                               (param->rank > 1 ? param->dims[param->rank - 2] : 0));
        if (param->role != CD_PARAM_KERNEL)
            continue; /* zeros, and ones for gamma and the variance: the initial values */
        for (size_t j = 0; j < param->count; j++)
            values[j] = (float)next(2 * sqrt(6.0 / (double)fans));
    }
}

static void fill_input(float *x, size_t n, const double *head, double sum)
{
    double total = 0;

    state = 777;
    for (size_t i = 0; i < n; i++) {
        double value = next(1.0) + 0.5;
        total += value;
        if (i < 8)
            ck_assert(value == head[i]);
        x[i] = (float)value;
    }
    ck_assert_double_eq_tol(total, sum, 1e-9);
}

/* ---- comparison ---- */

struct expected {
    const char *param;
    size_t count;
    const double *init, *grad, *end; /* sum, sum of squares, the first eight values */
};

static void check_digest(const char *name, const float *values, size_t count, const double *digest,
                         double tolerance)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        sum += (double)values[i];
        squares += (double)values[i] * (double)values[i];
    }
    ck_assert_msg(fabs(sum - digest[0]) < SUM, "%s: sum %.9g, not %.9g", name, sum, digest[0]);
    ck_assert_msg(fabs(squares - digest[1]) < SUM, "%s: squares %.9g, not %.9g", name, squares,
                  digest[1]);
    for (size_t i = 0; i < count && i < 8; i++)
        ck_assert_msg(fabs((double)values[i] - digest[2 + i]) < tolerance,
                      "%s[%zu]: %.9g, not %.9g", name, i, (double)values[i], digest[2 + i]);
}

static void check_params(const cnn_model_t *model, const float *block, const struct expected *all,
                         size_t n, size_t which, double tolerance)
{
    for (size_t i = 0; i < n; i++) {
        const struct cd_param *param = cd_graph_param(model->graph, all[i].param);
        const double *digests[] = {all[i].init, all[i].grad, all[i].end};
        ck_assert_msg(param != NULL, "no parameter %s", all[i].param);
        ck_assert_uint_eq(param->count, all[i].count);
        check_digest(all[i].param, block + param->offset, param->count, digests[which], tolerance);
    }
}

static void check_outputs(const float *y, const double *expected, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol((double)y[i], expected[i], OUTPUT);
}

/* ---- a run ---- */

struct run {
    cnn_model_t *model;
    struct cd_trainer trainer;
    float x[6 * 14 * 17 * 3], y[MAX_OUTPUTS];
};

static void begin(struct run *run, cnn_graph_t *graph, cnn_train_options_t options, size_t n)
{
    ck_assert_int_eq(cnn_model_create(graph, NULL, &run->model), CNN_OK);
    cnn_graph_free(graph);
    ck_assert_int_eq(cd_train_options_complete(context, run->model->graph->preset, &options),
                     CNN_OK);
    ck_assert_int_eq(cd_trainer_init(run->model, &options, n, &run->trainer), CNN_OK);
    fill_kernels(run->model);
}

/* All gradients of the first step, which a step with Adam does not store. */
static void check_gradients(struct run *run, const uint32_t *labels, size_t n,
                            const struct expected *params, size_t n_params)
{
    struct cd_trainer *trainer = &run->trainer;
    const cnn_graph_t *graph = run->model->graph;
    float *gradients = cd_alloc(context, graph->trainable_size, sizeof(float));
    float *statistics = cd_alloc(context, graph->statistics_size, sizeof(float));

    memcpy(statistics, run->model->statistics, graph->statistics_size * sizeof(float));
    const float *y = cd_plan_forward(trainer->plan, run->model->weights, statistics, run->x, n,
                                     trainer->seed, 0);
    cd_loss_batch(trainer->loss, y, &(struct cd_targets){.labels = labels}, n, trainer->outputs,
                  trainer->dy);
    cd_plan_backward(trainer->plan, run->model->weights, trainer->dy,
                     cd_loss_before_activation(trainer->loss), gradients);
    check_params(run->model, gradients, params, n_params, 1, GRADIENT);
    cd_free(context, gradients);
    cd_free(context, statistics);
}

static void run_steps(struct run *run, const uint32_t *labels, size_t n, double rate,
                      const double *loss, const struct expected *params, size_t n_params)
{
    check_params(run->model, run->model->weights, params, n_params, 0, 1e-7);
    for (uint64_t step = 0; step < STEPS; step++) {
        if (step == 0)
            check_gradients(run, labels, n, params, n_params);
        double got = cd_trainer_step(&run->trainer, run->x,
                                     &(struct cd_targets){.labels = labels}, n, step, rate,
                                     run->y);
        ck_assert_double_eq_tol(got, loss[step], LOSS);
    }
    check_params(run->model, run->model->weights, params, n_params, 2, WEIGHT);
}

static void end(struct run *run)
{
    cd_trainer_release(&run->trainer);
    cnn_model_free(run->model);
}

/* Makes one more step, whose loss and outputs show the state after the last compared step. */
static void check_end(struct run *run, const uint32_t *labels, size_t n, double loss,
                      const double *outputs, size_t n_outputs)
{
    double got = cd_trainer_step(&run->trainer, run->x,
                                     &(struct cd_targets){.labels = labels}, n, STEPS, 0.01,
                                     run->y);
    ck_assert_double_eq_tol(got, loss, LOSS);
    check_outputs(run->y, outputs, n_outputs);
}

#define OK(call) ck_assert_int_eq(call, CNN_OK)
#define PARAM(prefix, layer, kind)                                                           \
    {#layer "/" #kind, prefix##layer##_##kind##_count, prefix##layer##_##kind##_init,        \
     prefix##layer##_##kind##_grad, prefix##layer##_##kind##_end}

static cnn_graph_t *article_graph(void)
{
    const cnn_conv2d_options_t c1 = {sizeof c1, .name = "c1", .filters = 5,
                                     .activation = CNN_ACTIVATION_RELU};
    const cnn_conv2d_options_t c2 = {sizeof c2, .name = "c2", .filters = 7,
                                     .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t d1 = {sizeof d1, .name = "d1", .units = 9,
                                    .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t d2 = {sizeof d2, .name = "d2", .units = 1,
                                    .activation = CNN_ACTIVATION_SIGMOID};
    cnn_graph_t *graph;
    cnn_node_t node;

    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, 14, 17, 3, NULL, &node));
    OK(cnn_graph_add_conv2d(graph, node, &c1, &node));
    OK(cnn_graph_add_max_pool2d(graph, node, NULL, &node));
    OK(cnn_graph_add_conv2d(graph, node, &c2, &node));
    OK(cnn_graph_add_max_pool2d(graph, node, NULL, &node));
    OK(cnn_graph_add_flatten(graph, node, NULL, &node));
    OK(cnn_graph_add_dense(graph, node, &d1, &node));
    OK(cnn_graph_add_dense(graph, node, &d2, &node));
    return graph;
}

static void article(const char *kernels)
{
    static const struct expected params[] = {
        PARAM(g1_, c1, kernel), PARAM(g1_, c1, bias), PARAM(g1_, c2, kernel), PARAM(g1_, c2, bias),
        PARAM(g1_, d1, kernel), PARAM(g1_, d1, bias), PARAM(g1_, d2, kernel), PARAM(g1_, d2, bias)};
    static const uint32_t labels[] = {1, 0, 1, 1, 0, 0};
    const cnn_context_options_t options = {sizeof options, .threads = 2, .kernels = kernels};
    const cnn_train_options_t train = {sizeof train, .loss = CNN_LOSS_MSE, .learning_rate = 0.01f};
    static struct run run;

    OK(cnn_context_create(&options, &context));
    begin(&run, article_graph(), train, 6);
    fill_input(run.x, 6 * 14 * 17 * 3, g1_input_head, g1_input_sum);
    run_steps(&run, labels, 6, 0.01, g1_loss, params, sizeof params / sizeof *params);
    check_end(&run, labels, 6, g1_loss_end, g1_pred, 6);
    end(&run);
    cnn_context_free(context);
}

static cnn_graph_t *wide_graph(void)
{
    const cnn_conv2d_options_t ca = {sizeof ca, .name = "ca", .filters = 4, .stride_height = 2,
                                     .stride_width = 2, .padding = CNN_PADDING_SAME};
    const cnn_batch_norm_options_t bn = {sizeof bn, .name = "bn"};
    const cnn_conv2d_options_t cb = {sizeof cb, .name = "cb", .filters = 4, .kernel_height = 1,
                                     .kernel_width = 1, .stride_height = 2, .stride_width = 2};
    const cnn_conv2d_options_t cc = {sizeof cc, .name = "cc", .filters = 6,
                                     .padding = CNN_PADDING_SAME,
                                     .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t d = {sizeof d, .name = "d", .units = 3,
                                   .activation = CNN_ACTIVATION_SOFTMAX};
    cnn_graph_t *graph;
    cnn_node_t input, a, b;

    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, 12, 12, 3, NULL, &input));
    OK(cnn_graph_add_conv2d(graph, input, &ca, &a));
    OK(cnn_graph_add_batch_norm(graph, a, &bn, &a));
    OK(cnn_graph_add_activation(graph, a, CNN_ACTIVATION_RELU, 0, NULL, &a));
    OK(cnn_graph_add_conv2d(graph, input, &cb, &b));
    OK(cnn_graph_add_sum(graph, a, b, NULL, &a));
    OK(cnn_graph_add_activation(graph, a, CNN_ACTIVATION_LEAKY_RELU, 0.1f, NULL, &a));
    OK(cnn_graph_add_average_pool2d(graph, a, NULL, &a));
    OK(cnn_graph_add_conv2d(graph, a, &cc, &a));
    OK(cnn_graph_add_global_average_pool2d(graph, a, NULL, &a));
    OK(cnn_graph_add_dense(graph, a, &d, &a));
    return graph;
}

static void check_statistics(const cnn_model_t *model)
{
    const struct cd_param *mean = cd_graph_param(model->graph, "bn/moving_mean");
    const struct cd_param *variance = cd_graph_param(model->graph, "bn/moving_variance");

    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq_tol((double)cd_model_values(model, mean)[i], g2_bn_running_mean[i],
                                WEIGHT);
        ck_assert_double_eq_tol((double)cd_model_values(model, variance)[i], g2_bn_running_var[i],
                                WEIGHT);
    }
}

static void wide(const char *kernels)
{
    static const struct expected params[] = {
        PARAM(g2_, ca, kernel), PARAM(g2_, ca, bias), PARAM(g2_, bn, gamma), PARAM(g2_, bn, beta),
        PARAM(g2_, cb, kernel), PARAM(g2_, cb, bias), PARAM(g2_, cc, kernel), PARAM(g2_, cc, bias),
        PARAM(g2_, d, kernel), PARAM(g2_, d, bias)};
    static const uint32_t labels[] = {0, 2, 1, 2};
    const cnn_context_options_t options = {sizeof options, .threads = 2, .kernels = kernels};
    const cnn_train_options_t train = {sizeof train, .loss = CNN_LOSS_CROSS_ENTROPY,
                                       .optimizer = CNN_OPTIMIZER_SGD, .learning_rate = 0.05f,
                                       .momentum = 0.9f};
    static struct run run;

    OK(cnn_context_create(&options, &context));
    begin(&run, wide_graph(), train, 4);
    fill_input(run.x, 4 * 12 * 12 * 3, g2_input_head, g2_input_sum);
    run_steps(&run, labels, 4, 0.05, g2_loss, params, sizeof params / sizeof *params);
    check_statistics(run.model);
    check_outputs(cd_plan_predict(run.trainer.plan, run.model->weights, run.model->statistics,
                                  run.x, 4),
                  g2_pred_infer, 12);
    check_end(&run, labels, 4, g2_loss_end, g2_pred_train, 12);
    end(&run);
    cnn_context_free(context);
}

START_TEST(article_with_each_table)
{
    article(kernel_table(_i)->name);
}
END_TEST

START_TEST(wide_with_each_table)
{
    wide(kernel_table(_i)->name);
}
END_TEST

Suite *suite_golden(void)
{
    Suite *suite = suite_create("golden");
    TCase *tc = tcase_create("golden");

    tcase_add_loop_test(tc, article_with_each_table, 0, kernel_table_count());
    tcase_add_loop_test(tc, wide_with_each_table, 0, kernel_table_count());
    suite_add_tcase(suite, tc);
    return suite;
}

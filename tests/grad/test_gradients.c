/* SPDX-License-Identifier: MIT
 *
 * Plans against the double-precision evaluator: outputs in both modes, and the gradient of every
 * kind of layer against central differences, for every kernel table, with the same bits on 1, 2, 3
 * and 7 threads. */
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

enum { PICTURES = 5, SEED = 11, STEP = 3 };

static cnn_context_t *make_context(const struct cd_kernels *kernels, uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context = NULL;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    context->kernels = kernels;
    return context;
}

#define OK(call) ck_assert_msg((call) == CNN_OK, "%s", cd_error_message())

/* ---- the networks ---- */

static cnn_node_t input(cnn_graph_t *g, size_t h, size_t w, size_t c)
{
    cnn_node_t node;
    OK(cd_graph_add_input(g, NULL, (struct cd_shape){h, w, c}, &node));
    return node;
}

static cnn_node_t conv(cnn_graph_t *g, cnn_node_t in, uint32_t filters, uint32_t k, uint32_t stride,
                       cnn_padding_t padding, cnn_activation_t activation)
{
    const cnn_conv2d_options_t options = {
        .struct_size = sizeof options, .filters = filters, .kernel_height = k, .kernel_width = k,
        .stride_height = stride, .stride_width = stride, .padding = padding,
        .activation = activation, .alpha = 0.1f, .no_bias = filters == 4};
    cnn_node_t node;
    OK(cd_graph_add_conv2d(g, in, &options, &node));
    return node;
}

static cnn_node_t pool(cnn_graph_t *g, enum cd_node_type type, cnn_node_t in, uint32_t size,
                       uint32_t stride, cnn_padding_t padding)
{
    const cnn_pool2d_options_t options = {
        .struct_size = sizeof options, .pool_height = size, .pool_width = size,
        .stride_height = stride, .stride_width = stride, .padding = padding};
    cnn_node_t node;
    OK(cd_graph_add_pool2d(g, type, in, &options, &node));
    return node;
}

static cnn_node_t dense(cnn_graph_t *g, cnn_node_t in, uint32_t units, cnn_activation_t activation)
{
    const cnn_dense_options_t options = {.struct_size = sizeof options, .units = units,
                                         .activation = activation, .alpha = 0.1f,
                                         .no_bias = units == 6};
    cnn_node_t node;
    OK(cd_graph_add_dense(g, in, &options, &node));
    return node;
}

static cnn_node_t flatten(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_FLATTEN, &in, NULL, &node));
    return node;
}

static cnn_node_t batch_norm(cnn_graph_t *g, cnn_node_t in)
{
    const cnn_batch_norm_options_t options = {.struct_size = sizeof options, .momentum = 0.9f,
                                              .epsilon = 1e-3f};
    cnn_node_t node;
    OK(cd_graph_add_batch_norm(g, in, &options, &node));
    return node;
}

static cnn_node_t activation(cnn_graph_t *g, cnn_node_t in, cnn_activation_t kind)
{
    cnn_node_t node;
    OK(cd_graph_add_activation(g, in, kind, 0.2f, NULL, &node));
    return node;
}

static cnn_node_t add(cnn_graph_t *g, cnn_node_t a, cnn_node_t b)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_ADD, (cnn_node_t[]){a, b}, NULL, &node));
    return node;
}

static cnn_node_t dropout(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_dropout(g, in, 0.4f, NULL, &node));
    return node;
}

static cnn_node_t global_pool(cnn_graph_t *g, cnn_node_t in)
{
    cnn_node_t node;
    OK(cd_graph_add_plain(g, CD_NODE_GLOBAL_AVERAGE_POOL2D, &in, NULL, &node));
    return node;
}

static void article(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 15, 18, 3);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = conv(g, x, 7, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = dense(g, flatten(g, x), 9, CNN_ACTIVATION_RELU);
    dense(g, x, 1, CNN_ACTIVATION_SIGMOID);
}

static void residual(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 9, 8, 2);
    cnn_node_t a = batch_norm(g, conv(g, x, 4, 3, 2, CNN_PADDING_SAME, CNN_ACTIVATION_NONE));
    cnn_node_t b = conv(g, x, 4, 1, 2, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    cnn_node_t c = add(g, activation(g, a, CNN_ACTIVATION_RELU), b);
    cnn_node_t d = conv(g, c, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_SIGMOID);
    cnn_node_t e = add(g, add(g, c, d), c); /* three users of c */
    e = add(g, e, e);
    dense(g, global_pool(g, batch_norm(g, e)), 3, CNN_ACTIVATION_SOFTMAX);
}

static cnn_node_t conv_norm(cnn_graph_t *g, cnn_node_t in, uint32_t filters, uint32_t k,
                            uint32_t stride)
{
    return batch_norm(g, conv(g, in, filters, k, stride, CNN_PADDING_SAME, CNN_ACTIVATION_NONE));
}

/* Two convolutions with batch normalisation around the input, which is added to what they make. */
static cnn_node_t block(cnn_graph_t *g, cnn_node_t in, uint32_t filters)
{
    cnn_node_t x = activation(g, conv_norm(g, in, filters, 3, 1), CNN_ACTIVATION_RELU);
    return activation(g, add(g, conv_norm(g, x, filters, 3, 1), in), CNN_ACTIVATION_RELU);
}

/* He et al. 2015: blocks with the input as it is, and through a convolution on either side of the
 * addition and before or behind the other branch. */
static void resnet(cnn_graph_t *g)
{
    cnn_node_t x = activation(g, conv_norm(g, input(g, 13, 11, 3), 4, 3, 2), CNN_ACTIVATION_RELU);
    x = block(g, block(g, x, 4), 4);
    cnn_node_t a = conv_norm(g, x, 5, 3, 2), b = conv_norm(g, x, 5, 1, 2);
    x = activation(g, add(g, a, b), CNN_ACTIVATION_RELU);
    a = conv_norm(g, x, 6, 1, 1);
    b = conv_norm(g, activation(g, conv_norm(g, x, 6, 3, 1), CNN_ACTIVATION_RELU), 6, 3, 1);
    x = activation(g, add(g, a, b), CNN_ACTIVATION_RELU);
    dense(g, global_pool(g, x), 2, CNN_ACTIVATION_SOFTMAX);
}

/* Other activations behind batch normalisation; an addition of convolutions with one behind it;
 * normalisation in front, of what others read; max pooling behind all. */
static void normalised(cnn_graph_t *g)
{
    cnn_node_t x = conv_norm(g, input(g, 10, 9, 2), 4, 3, 1);
    x = activation(g, x, CNN_ACTIVATION_LEAKY_RELU);
    cnn_node_t a = activation(g, conv_norm(g, x, 4, 3, 1), CNN_ACTIVATION_SIGMOID);
    x = activation(g, add(g, batch_norm(g, a), x), CNN_ACTIVATION_LEAKY_RELU);
    a = conv(g, x, 4, 1, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE);
    x = activation(g, add(g, a, conv(g, x, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE)),
                   CNN_ACTIVATION_RELU);
    a = activation(g, batch_norm(g, x), CNN_ACTIVATION_RELU); /* x is read again below */
    x = add(g, conv(g, a, 4, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE), x);
    x = add(g, batch_norm(g, x), x);
    x = add(g, x, conv(g, x, 4, 1, 1, CNN_PADDING_SAME, CNN_ACTIVATION_RELU));
    x = activation(g, conv_norm(g, x, 7, 3, 1), CNN_ACTIVATION_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 2, 2, CNN_PADDING_VALID);
    x = activation(g, conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_NONE),
                   CNN_ACTIVATION_RELU);
    dropout(g, activation(g, batch_norm(g, x), CNN_ACTIVATION_RELU));
}

/* The last step takes an addition and an activation along. */
static void ends_in_block(cnn_graph_t *g)
{
    block(g, conv(g, input(g, 7, 6, 2), 5, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_NONE), 5);
}

static void pools(cnn_graph_t *g)
{
    cnn_node_t x = conv(g, input(g, 11, 10, 3), 6, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_NONE);
    cnn_node_t a = pool(g, CD_NODE_MAX_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    cnn_node_t b = pool(g, CD_NODE_AVERAGE_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    cnn_node_t c = pool(g, CD_NODE_AVERAGE_POOL2D, add(g, a, b), 2, 1, CNN_PADDING_VALID);
    c = conv(g, c, 3, 1, 1, CNN_PADDING_VALID, CNN_ACTIVATION_RELU);
    flatten(g, activation(g, c, CNN_ACTIVATION_SOFTMAX));
}

/* Activations that the pooling behind them undoes, also where windows overlap. */
static void pooled(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 12, 11, 2);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    x = pool(g, CD_NODE_MAX_POOL2D, x, 3, 2, CNN_PADDING_SAME);
    x = conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_SIGMOID);
    x = flatten(g, pool(g, CD_NODE_MAX_POOL2D, x, 2, 1, CNN_PADDING_VALID));
    dense(g, x, 2, CNN_ACTIVATION_NONE);
}

/* Padding on one side only, overlap, strides larger than the window and than a task's rows; the
 * last pooling is the output. */
static void odd_pools(cnn_graph_t *g)
{
    const cnn_pool2d_options_t overlapping = {
        .struct_size = sizeof overlapping, .pool_height = 3, .pool_width = 2, .stride_height = 2,
        .stride_width = 1, .padding = CNN_PADDING_EXPLICIT, .pad_top = 2, .pad_left = 1};
    const cnn_pool2d_options_t leaping = {
        .struct_size = sizeof leaping, .pool_height = 2, .pool_width = 3, .stride_height = 10,
        .stride_width = 4, .padding = CNN_PADDING_EXPLICIT, .pad_bottom = 1, .pad_right = 2};
    cnn_node_t x = input(g, 34, 12, 2);
    x = conv(g, x, 5, 3, 1, CNN_PADDING_VALID, CNN_ACTIVATION_LEAKY_RELU);
    OK(cd_graph_add_pool2d(g, CD_NODE_MAX_POOL2D, x, &overlapping, &x));
    x = conv(g, x, 3, 2, 1, CNN_PADDING_VALID, CNN_ACTIVATION_SIGMOID);
    OK(cd_graph_add_pool2d(g, CD_NODE_MAX_POOL2D, x, &leaping, &x));
}

/* A pooling that reads a convolution's values, but not as the map it made. */
static void flat_pool(cnn_graph_t *g)
{
    cnn_node_t x = input(g, 12, 5, 2);
    x = flatten(g, conv(g, x, 3, 3, 1, CNN_PADDING_SAME, CNN_ACTIVATION_LEAKY_RELU));
    dense(g, pool(g, CD_NODE_MAX_POOL2D, x, 1, 1, CNN_PADDING_VALID), 2, CNN_ACTIVATION_NONE);
}

static void dropping(cnn_graph_t *g)
{
    cnn_node_t x = flatten(g, input(g, 4, 5, 3));
    x = dropout(g, dense(g, x, 12, CNN_ACTIVATION_LEAKY_RELU));
    x = dropout(g, dense(g, dense(g, x, 6, CNN_ACTIVATION_NONE), 8, CNN_ACTIVATION_RELU));
    dense(g, x, 2, CNN_ACTIVATION_NONE);
}

/* More inputs than a slice of the dense sum, and a branch that leads nowhere. */
static void wide(cnn_graph_t *g)
{
    cnn_node_t in = input(g, 30, 50, 3);
    cnn_node_t x = flatten(g, in);
    dense(g, x, 5, CNN_ACTIVATION_RELU);
    x = dense(g, x, 3, CNN_ACTIVATION_RELU);
    dense(g, x, 1, CNN_ACTIVATION_SIGMOID);
}

static void (*const networks[])(cnn_graph_t *) = {
    article,   residual, resnet, normalised, ends_in_block, pools, pooled, odd_pools,
    flat_pool, dropping, wide};
enum { NETWORKS = sizeof networks / sizeof *networks };

/* ---- running them ---- */

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
    networks[network](f.graph);
    f.outputs = cd_shape_size(cd_graph_output(f.graph)->shape);
    const size_t inputs = cd_shape_size(f.graph->nodes[0].shape);
    f.weights = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    f.statistics = cd_alloc(f.context, f.graph->statistics_size, sizeof(float));
    f.x = cd_alloc(f.context, PICTURES * inputs, sizeof(float));
    f.dy = cd_alloc(f.context, PICTURES * f.outputs, sizeof(float));
    for (size_t p = 0; p < f.graph->n_params; p++) {
        const struct cd_param *param = &f.graph->params[p];
        float *values = (param->trainable ? f.weights : f.statistics) + param->offset;
        const float size = param->role == CD_PARAM_KERNEL
                               ? sqrtf(3.0f / (float)param->fan_in) : 0.5f;
        for (size_t i = 0; i < param->count; i++)
            values[i] = size * spread(p + 1, i) + (param->role == CD_PARAM_GAMMA ||
                                                   param->role == CD_PARAM_MOVING_VARIANCE);
    }
    for (size_t i = 0; i < PICTURES * inputs; i++)
        f.x[i] = spread(100, i);
    for (size_t i = 0; i < PICTURES * f.outputs; i++)
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
    struct fixture f = make_fixture(_i % NETWORKS, kernel_table(_i / NETWORKS), 2);
    for (int training = 0; training < 2; training++) { /* a training plan predicts as well */
        struct cd_plan *plan;
        OK(cd_plan_create(f.graph, PICTURES, training, &plan));
        for (size_t n = 1; n <= PICTURES; n += 2)
            check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, n), n, 0);
        ck_assert_uint_gt(cd_plan_bytes(plan), 0);
        cd_plan_free(plan);
    }
    free_fixture(&f);
}
END_TEST

/* What is folded into kernels and prepared is made anew. */
START_TEST(prediction_with_other_weights)
{
    struct fixture f = make_fixture(2, kernel_table(_i), 2); /* resnet */
    struct cd_plan *plan;
    OK(cd_plan_create(f.graph, PICTURES, 0, &plan));
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, PICTURES), PICTURES, 0);
    for (size_t i = 0; i < f.graph->trainable_size; i++)
        f.weights[i] *= i % 2 ? 0.7f : 1.2f;
    cd_plan_set_weights_version(plan, 2);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, PICTURES), PICTURES, 0);
    for (size_t i = 0; i < f.graph->statistics_size; i++)
        f.statistics[i] = 0.5f * f.statistics[i] + 0.25f;
    cd_plan_set_weights_version(plan, 3);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, PICTURES), PICTURES, 0);
    check_outputs(&f, cd_plan_predict(plan, f.weights, f.statistics, f.x, 2), 2, 0);
    cd_plan_free(plan);
    free_fixture(&f);
}
END_TEST

/* sum of dy y over the batch, at weights with one of them moved. */
static double loss_at(const struct fixture *f, double *weights, size_t at, double value, double *y)
{
    const double before = weights[at];
    double sum = 0.0;
    weights[at] = value;
    double_net_run(f->graph, weights, f->statistics, f->x, PICTURES, 1, SEED, STEP, y);
    weights[at] = before;
    for (size_t i = 0; i < PICTURES * f->outputs; i++)
        sum += f->dy[i] * y[i];
    return sum;
}

/* Central difference, unless two step sizes disagree: then a kink of ReLU or maximum lies between
 * and there is nothing to compare. */
static int difference(const struct fixture *f, double *weights, size_t at, double *y, double *slope)
{
    const double w = weights[at], h = 1e-5;
    const double wide = (loss_at(f, weights, at, w + h, y) - loss_at(f, weights, at, w - h, y)) /
                        (2.0 * h);
    *slope = (loss_at(f, weights, at, w + h / 8, y) - loss_at(f, weights, at, w - h / 8, y)) /
             (2.0 * h / 8);
    return fabs(wide - *slope) < 1e-5 * (1.0 + fabs(wide));
}

START_TEST(gradients_of_all_layers)
{
    struct fixture f = make_fixture(_i % NETWORKS, kernel_table(_i / NETWORKS), 2);
    float *got = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    float *statistics = malloc((f.graph->statistics_size + 1) * sizeof(float));
    double *weights = to_double(f.weights, f.graph->trainable_size);
    double *y = malloc(PICTURES * f.outputs * sizeof *y);
    struct cd_plan *plan;
    size_t compared = 0, kinks = 0;

    memcpy(statistics, f.statistics, f.graph->statistics_size * sizeof(float));
    OK(cd_plan_create(f.graph, PICTURES, 1, &plan));
    check_outputs(&f, cd_plan_forward(plan, f.weights, statistics, f.x, PICTURES, SEED, STEP),
                  PICTURES, 1);
    float *dy = malloc(PICTURES * f.outputs * sizeof *dy);
    memcpy(dy, f.dy, PICTURES * f.outputs * sizeof *dy);
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
                          "%s[%zu]: gradient %.8g instead of %.8g", param->name,
                          at - param->offset, got[at], slope);
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

/* The gradient before the output's activation, times that activation's derivative, is the other
 * form: for a sigmoid p, d/dz = d/dp p (1 - p). */
START_TEST(before_activation)
{
    struct fixture f = make_fixture(0, kernel_table(_i), 2);
    const size_t size = f.graph->trainable_size;
    float *after = cd_alloc(f.context, size, sizeof(float));
    float *before = cd_alloc(f.context, size, sizeof(float));
    float dy[PICTURES], dz[PICTURES];
    struct cd_plan *plan;

    OK(cd_plan_create(f.graph, PICTURES, 1, &plan));
    const float *p = cd_plan_forward(plan, f.weights, f.statistics, f.x, PICTURES, SEED, STEP);
    for (size_t i = 0; i < PICTURES; i++) {
        dy[i] = f.dy[i];
        dz[i] = f.dy[i] * p[i] * (1.0f - p[i]);
    }
    cd_plan_backward(plan, f.weights, dy, 0, after);
    cd_plan_forward(plan, f.weights, f.statistics, f.x, PICTURES, SEED, STEP);
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
    const size_t outputs = PICTURES * f.outputs * sizeof(float);
    const size_t gradient_bytes = f.graph->trainable_size * sizeof(float);
    const size_t statistics = f.graph->statistics_size * sizeof(float);
    unsigned char *bytes = calloc(outputs + gradient_bytes + statistics, 1);
    float *block = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    struct cd_plan *plan;

    OK(cd_plan_create(f.graph, PICTURES, 1, &plan));
    memcpy(bytes, cd_plan_forward(plan, f.weights, f.statistics, f.x, PICTURES, SEED, STEP),
           outputs);
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
    for (int network = 0; network < NETWORKS; network++) {
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
    cnn_graph_t *graph;
    struct cd_plan *plan;
    const float x[] = {1.0f, 2.0f, 3.0f, 6.0f}, weights[32] = {1.0f};
    float statistics[32] = {0.0f};

    OK(cd_graph_create(context, &graph));
    batch_norm(graph, input(graph, 1, 2, 1));
    const struct cd_param *mean = &graph->params[2], *variance = &graph->params[3];
    statistics[variance->offset] = 1.0f;
    OK(cd_plan_create(graph, 2, 1, &plan));
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
    tcase_add_loop_test(tcase, prediction, 0, NETWORKS * kernel_table_count());
    tcase_add_loop_test(tcase, prediction_with_other_weights, 0, kernel_table_count());
    tcase_add_loop_test(tcase, gradients_of_all_layers, 0, NETWORKS * kernel_table_count());
    tcase_add_loop_test(tcase, before_activation, 0, kernel_table_count());
    tcase_add_loop_test(tcase, same_bits_on_any_number_of_threads, 0, kernel_table_count());
    tcase_add_loop_test(tcase, moving_statistics, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}

/* SPDX-License-Identifier: MIT
 *
 * Plans whose first nodes are frozen. The gradients of the other nodes are compared with a plan
 * without frozen nodes and with differences of the output. Frozen weights and statistics must keep
 * all their bits. The gradient of a watched node is also compared with differences. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "plan/plan.h"
#include "support/every_layer.h"
#include "support/kernel_tables.h"
#include "support/plan_makers.h"

enum { IMAGES = 7, SEED = 5, STEP = 2, MOST_OUTPUTS = 8 };

/* ---- a network and the state that plans work on ---- */

struct fixture {
    cnn_context_t *context;
    cnn_graph_t *graph;
    size_t inputs, outputs;
    float *weights, *statistics, *x, *gradients;
    float dy[IMAGES * MOST_OUTPUTS];
};

static float *draw(cnn_context_t *context, uint64_t key, size_t n, float size)
{
    float *values = cd_alloc(context, n, sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < n; i++)
        values[i] = size * (2.0f * cd_random_float(key, i) - 1.0f);
    return values;
}

static struct fixture make_fixture(cnn_graph_t *(*make)(cnn_context_t *),
                                   const struct cd_kernels *kernels, uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    struct fixture f = {0};

    ck_assert_int_eq(cd_context_create(&options, &f.context), CNN_OK);
    f.context->kernels = kernels;
    f.graph = make(f.context);
    f.inputs = cd_shape_size(f.graph->nodes[0].shape);
    f.outputs = cd_shape_size(cd_graph_output(f.graph)->shape);
    f.weights = draw(f.context, 1, f.graph->trainable_size, 0.5f);
    f.statistics = draw(f.context, 2, f.graph->statistics_size, 0.5f);
    for (size_t i = 0; i < f.graph->statistics_size; i++)
        f.statistics[i] += 1.0f; /* variances must be positive */
    f.x = draw(f.context, 3, IMAGES * f.inputs, 1.0f);
    f.gradients = cd_alloc(f.context, f.graph->trainable_size, sizeof(float));
    for (size_t i = 0; i < IMAGES * f.outputs; i++)
        f.dy[i] = 2.0f * cd_random_float(4, i) - 1.0f;
    return f;
}

static void free_fixture(struct fixture *f)
{
    cd_free(f->context, f->weights);
    cd_free(f->context, f->statistics);
    cd_free(f->context, f->x);
    cd_free(f->context, f->gradients);
    cnn_graph_free(f->graph);
    cd_context_unref(f->context);
}

static struct cd_plan *make_plan(const struct fixture *f, size_t frozen, size_t watched)
{
    const struct cd_plan_options options = {
        .batch = IMAGES, .training = 1, .frozen_nodes = frozen, .watched = watched};
    struct cd_plan *plan;
    ck_assert_int_eq(cd_plan_create(f->graph, &options, &plan), CNN_OK);
    return plan;
}

static const float *forward(const struct fixture *f, struct cd_plan *plan)
{
    return cd_plan_forward(plan, f->weights, f->statistics, f->x, IMAGES, SEED, STEP);
}

static void backward(const struct fixture *f, struct cd_plan *plan, float *gradients)
{
    float dy[IMAGES * MOST_OUTPUTS];
    memcpy(dy, f->dy, sizeof dy);
    cd_plan_backward(plan, f->weights, dy, 0, gradients);
}

/* Convolutions with and without a pooling that they fuse, and dense layers: nothing that computes
 * something else when it is frozen. */
static cnn_graph_t *plain_graph(cnn_context_t *context)
{
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv,
                                       .filters = 16,
                                       .padding = CNN_PADDING_SAME,
                                       .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t wide = {
        .struct_size = sizeof wide, .units = 19, .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t last = {
        .struct_size = sizeof last, .units = 2, .activation = CNN_ACTIVATION_SIGMOID};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 10, 12, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &wide, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &last, &node), CNN_OK);
    return graph;
}

/* Two residual blocks whose ends batch normalisation fuses, and a head after a pooling. */
static cnn_graph_t *residual_graph(cnn_context_t *context)
{
    const cnn_conv2d_options_t conv = {
        .struct_size = sizeof conv, .filters = 6, .padding = CNN_PADDING_SAME, .no_bias = 1};
    const cnn_dense_options_t last = {.struct_size = sizeof last, .units = 3};
    cnn_graph_t *graph;
    cnn_node_t node, shortcut;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 8, 9, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &shortcut), CNN_OK);
    for (int block = 0; block < 2; block++) {
        ck_assert_int_eq(cnn_graph_add_conv2d(graph, shortcut, &conv, &node), CNN_OK);
        ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
        ck_assert_int_eq(cnn_graph_add_sum(graph, node, shortcut, NULL, &node), CNN_OK);
        ck_assert_int_eq(
            cnn_graph_add_activation(graph, node, CNN_ACTIVATION_LEAKY_RELU, 0.3f, NULL, &shortcut),
            CNN_OK);
    }
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, shortcut, NULL, &node), CNN_OK);
    ck_assert_int_eq(
        cnn_graph_add_activation(graph, node, CNN_ACTIVATION_LEAKY_RELU, 0.3f, NULL, &node),
        CNN_OK);
    ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &last, &node), CNN_OK);
    return graph;
}

/* ---- gradients ---- */

/* A frozen layer may use another algorithm, so the last bits may differ. */
START_TEST(gradients_of_the_others)
{
    struct fixture f = make_fixture(plain_graph, kernel_table(_i), 2);
    float *some = cd_alloc(f.context, f.graph->trainable_size, sizeof *some);
    struct cd_plan *all = make_plan(&f, 0, 0);
    const size_t bytes = cd_plan_bytes(all);

    forward(&f, all);
    backward(&f, all, f.gradients);
    ck_assert_uint_eq(cd_plan_frozen_weights(all), 0);
    for (size_t frozen = 1; frozen < f.graph->n_nodes; frozen++) {
        struct cd_plan *plan = make_plan(&f, frozen, 0);
        const size_t first = cd_plan_frozen_weights(plan);
        memset(some, 0, f.graph->trainable_size * sizeof *some);
        forward(&f, plan);
        backward(&f, plan, some);
        for (size_t i = first; i < f.graph->trainable_size; i++)
            ck_assert_msg(
                fabsf(some[i - first] - f.gradients[i]) <= 1e-5f * (1.0f + fabsf(f.gradients[i])),
                "%zu frozen, weight %zu: %g, not %g", frozen, i, some[i - first], f.gradients[i]);
        ck_assert(frozen < 2 || cd_plan_bytes(plan) < bytes);
        cd_plan_free(plan);
    }
    cd_plan_free(all);
    cd_free(f.context, some);
    free_fixture(&f);
}
END_TEST

/* A step of Adam, within backward or after it. The moments are for the trained weights only. */
static void adam_step(const struct fixture *f, struct cd_plan *plan, const struct cd_param *kernel,
                      int within, float *weights)
{
    const struct cd_adam adam = {.rate = 0.01f,
                                 .beta1 = 0.9f,
                                 .beta2 = 0.999f,
                                 .epsilon = 1e-8f,
                                 .decay = 0.01f,
                                 .correction1 = 0.1f,
                                 .correction2 = 0.001f};
    const size_t first = cd_plan_frozen_weights(plan), size = f->graph->trainable_size - first;
    float *m = cd_alloc(f->context, size, sizeof *m), *v = cd_alloc(f->context, size, sizeof *v);
    const struct cd_plan_adam update = {.adam = adam, .weights = weights, .m = m, .v = v};
    float dy[IMAGES * MOST_OUTPUTS];

    memcpy(dy, f->dy, sizeof dy);
    memcpy(weights, f->weights, f->graph->trainable_size * sizeof *weights);
    forward(f, plan);
    if (within) {
        cd_plan_backward_adam(plan, &update, dy, 0, f->gradients);
    } else {
        cd_plan_backward(plan, weights, dy, 0, f->gradients);
        f->context->kernels->adam(&adam, kernel->count, f->gradients + kernel->offset - first,
                                  weights + kernel->offset, m, v);
    }
    cd_free(f->context, m);
    cd_free(f->context, v);
}

START_TEST(adam_within_backward)
{
    struct fixture f = make_fixture(plain_graph, kernel_table(_i), 2);
    const size_t size = f.graph->trainable_size, last = f.graph->n_params - 1;
    const struct cd_param *kernel = cd_graph_param(f.graph, "dense_1/kernel");
    struct cd_plan *plan = make_plan(&f, f.graph->n_nodes - 1, 0);
    float *within = cd_alloc(f.context, size, sizeof *within);
    float *apart = cd_alloc(f.context, size, sizeof *apart);

    adam_step(&f, plan, kernel, 1, within);
    adam_step(&f, plan, kernel, 0, apart);
    ck_assert_uint_eq(kernel->offset, cd_plan_frozen_weights(plan));
    ck_assert_int_eq(memcmp(within, f.weights, kernel->offset * sizeof *within), 0);
    for (size_t i = 0; i < kernel->count; i++) {
        const size_t at = kernel->offset + i;
        ck_assert_float_eq_tol(within[at], apart[at], 1e-6f);
        ck_assert(within[at] != f.weights[at]);
    }
    ck_assert_uint_eq(cd_plan_gradient_at(plan, last), 0);
    for (size_t i = 0; i < last; i++)
        ck_assert_uint_eq(cd_plan_gradient_at(plan, i), CD_PLAN_NO_GRADIENT);
    cd_plan_free(plan);
    cd_free(f.context, within);
    cd_free(f.context, apart);
    free_fixture(&f);
}
END_TEST

/* ---- against differences ---- */

static double weighted_sum(const struct fixture *f, const float *y)
{
    double sum = 0.0;
    for (size_t i = 0; i < IMAGES * f->outputs; i++)
        sum += (double)f->dy[i] * (double)y[i];
    return sum;
}

/* Checks that the slope of sum_at along its gradient g, of n values, is the squared length of g.
 * The values move by a vector of length step_size in that direction. */
static void check_slope(double (*sum_at)(void *), void *argument, float *values, const float *g,
                        size_t n, const char *what, size_t which)
{
    const double step_size = 1e-3;
    float *before = malloc(n * sizeof *before);
    double squares = 0.0, sums[2];

    for (size_t i = 0; i < n; i++)
        squares += (double)g[i] * (double)g[i];
    ck_assert_msg(squares > 1e-8, "%s %zu: no gradient", what, which);
    memcpy(before, values, n * sizeof *values);
    const double step = step_size / sqrt(squares);
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < n; i++)
            values[i] = (float)((double)before[i] + (side ? step : -step) * (double)g[i]);
        sums[side] = sum_at(argument);
    }
    memcpy(values, before, n * sizeof *values);
    free(before);
    const double slope = (sums[1] - sums[0]) / (2.0 * step);
    ck_assert_msg(fabs(slope - squares) <= 0.02 * squares, "%s %zu: slope %g, not %g", what, which,
                  slope, squares);
}

struct training {
    const struct fixture *f;
    struct cd_plan *plan;
};

static double training_sum(void *argument)
{
    const struct training *training = argument;
    return weighted_sum(training->f, forward(training->f, training->plan));
}

/* Checks the slopes for every number of frozen nodes. Statistics must stay once node last, the last
 * batch normalisation, is frozen. */
static void check_slopes(cnn_graph_t *(*make)(cnn_context_t *), int table, size_t last)
{
    struct fixture f = make_fixture(make, kernel_table(table), 2);
    const size_t size = f.graph->trainable_size, statistics = f.graph->statistics_size;
    float *before = draw(f.context, 2, statistics, 0.5f);

    memcpy(before, f.statistics, statistics * sizeof *before);
    for (size_t frozen = 0; frozen < f.graph->n_nodes; frozen++) {
        struct training training = {&f, make_plan(&f, frozen, 0)};
        const size_t first = cd_plan_frozen_weights(training.plan);
        memset(f.gradients, 0, size * sizeof *f.gradients);
        training_sum(&training);
        backward(&f, training.plan, f.gradients);
        check_slope(training_sum, &training, f.weights + first, f.gradients, size - first,
                    "nodes frozen:", frozen);
        ck_assert_int_eq(memcmp(before, f.statistics, statistics * sizeof *before) == 0,
                         frozen > last);
        memcpy(f.statistics, before, statistics * sizeof *before);
        cd_plan_free(training.plan);
    }
    cd_free(f.context, before);
    free_fixture(&f);
}

START_TEST(gradients_are_slopes)
{
    check_slopes(every_layer_graph, _i, 2);
    check_slopes(residual_graph, _i, 10);
}
END_TEST

/* ---- a watched node ---- */

/* The network behind a node, whose values become the input. */
struct behind {
    const struct fixture *f;
    cnn_graph_t graph;
    struct cd_plan *plan;
    float *values;
};

static double behind_sum(void *argument)
{
    const struct behind *behind = argument;
    const struct fixture *f = behind->f;
    return weighted_sum(
        f, cd_plan_predict(behind->plan, f->weights, f->statistics, behind->values, IMAGES));
}

static void make_behind(const struct fixture *f, size_t node, struct behind *behind)
{
    const size_t n = f->graph->n_nodes - node;
    struct cd_node *nodes = calloc(n, sizeof *nodes);

    memcpy(nodes, f->graph->nodes + node, n * sizeof *nodes);
    nodes[0].type = CD_NODE_INPUT;
    nodes[0].n_inputs = nodes[0].n_params = 0;
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < nodes[i].n_inputs; k++)
            nodes[i].inputs[k] -= node;
    *behind = (struct behind){.f = f, .graph = *f->graph};
    behind->graph.nodes = nodes;
    behind->graph.n_nodes = n;
    ck_assert_int_eq(plan_of(&behind->graph, IMAGES, 0, &behind->plan), CNN_OK);
}

static void check_watched(const struct fixture *f, size_t node)
{
    const size_t n = IMAGES * cd_shape_size(f->graph->nodes[node].shape);
    struct cd_plan *plan = make_plan(f, f->graph->n_nodes, node);
    struct behind behind;

    ck_assert_uint_eq(cd_plan_gradients(plan), 0);
    make_behind(f, node, &behind);
    const double sum = weighted_sum(f, forward(f, plan));
    backward(f, plan, NULL);
    behind.values = draw(f->context, 1, n, 0.0f);
    memcpy(behind.values, cd_plan_watched_activations(plan), n * sizeof *behind.values);
    ck_assert_double_eq_tol(behind_sum(&behind), sum, 1e-5);
    check_slope(behind_sum, &behind, behind.values, cd_plan_watched_gradient(plan), n,
                f->graph->nodes[node].name, node);
    cd_plan_free(plan);
    cd_plan_free(behind.plan);
    cd_free(f->context, behind.values);
    free(behind.graph.nodes);
}

/* Watches the nodes that every path to the output goes through. */
START_TEST(watched_nodes)
{
    const size_t nodes[] = {1, 2, 3, 4, 6, 7, 12}; /* nodes of every_layer_graph */
    const size_t ends[] = {1, 4, 5, 8, 9, 10, 11, 12};
    struct fixture f = make_fixture(every_layer_graph, kernel_table(_i), 2);

    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        check_watched(&f, nodes[i]);
    free_fixture(&f);

    f = make_fixture(residual_graph, kernel_table(_i), 2);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        check_watched(&f, ends[i]);
    free_fixture(&f);

    f = make_fixture(plain_graph, kernel_table(_i), 2);
    for (size_t node = 2; node + 1 < f.graph->n_nodes;
         node++) /* not node 1: windows of zeros behind it are kinks */
        check_watched(&f, node);
    struct cd_plan *plan = make_plan(&f, 0, 0);
    ck_assert_ptr_null(cd_plan_watched_activations(plan));
    ck_assert_ptr_null(cd_plan_watched_gradient(plan));
    cd_plan_free(plan);
    free_fixture(&f);
}
END_TEST

/* ---- threads ---- */

START_TEST(same_bits_on_any_number_of_threads)
{
    cnn_graph_t *(*const graphs[])(cnn_context_t *) = {plain_graph, every_layer_graph,
                                                       residual_graph};

    for (size_t g = 0; g < sizeof graphs / sizeof *graphs; g++) {
        struct fixture one = make_fixture(graphs[g], kernel_table(_i), 1);
        const size_t size = one.graph->trainable_size;
        struct cd_plan *plan = make_plan(&one, 4, 0);
        forward(&one, plan);
        backward(&one, plan, one.gradients);
        for (uint32_t threads = 2; threads <= 3; threads++) {
            struct fixture many = make_fixture(graphs[g], kernel_table(_i), threads);
            struct cd_plan *other = make_plan(&many, 4, 0);
            ck_assert_int_eq(memcmp(forward(&one, plan), forward(&many, other),
                                    IMAGES * one.outputs * sizeof(float)),
                             0);
            backward(&many, other, many.gradients);
            ck_assert_int_eq(memcmp(one.gradients, many.gradients, size * sizeof(float)), 0);
            cd_plan_free(other);
            free_fixture(&many);
        }
        cd_plan_free(plan);
        free_fixture(&one);
    }
}
END_TEST

Suite *suite_plan_frozen(void)
{
    Suite *suite = suite_create("plan_frozen");
    TCase *tcase = tcase_create("every table");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, gradients_of_the_others, 0, kernel_table_count());
    tcase_add_loop_test(tcase, adam_within_backward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, gradients_are_slopes, 0, kernel_table_count());
    tcase_add_loop_test(tcase, watched_nodes, 0, kernel_table_count());
    tcase_add_loop_test(tcase, same_bits_on_any_number_of_threads, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}

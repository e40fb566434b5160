/* SPDX-License-Identifier: MIT
 *
 * Plans with dense layers. Adam within backward gives the same weights as backward followed by
 * Adam, on any number of threads. A prediction does not depend on the other images of its batch.
 * The gradients of one image do not depend on the threads. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "plan/plan.h"
#include "support/every_layer.h"
#include "support/kernel_tables.h"
#include "support/plan_makers.h"

enum { IMAGES = 9 };

static cnn_context_t *make_context(const struct cd_kernels *kernels, uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context = NULL;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    context->kernels = kernels;
    return context;
}

/* Whether the bits of a matrix product's row do not depend on the other rows. OpenBLAS does not
 * promise that. */
static int rows_are_independent(const struct cd_kernels *kernels)
{
    return strcmp(kernels->name, "blas") != 0;
}

static float *draw(cnn_context_t *context, uint64_t key, size_t n, float size)
{
    float *values = cd_alloc(context, n, sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < n; i++)
        values[i] = size * (2.0f * cd_random_float(key, i) - 1.0f);
    return values;
}

/* A convolution, whose gradient is stored; a dense layer of 9 x 17 x 13 = 1,989 inputs, which are
 * two chunks, and 37 units; one of 5 units; and a dense layer that the output does not use. */
static cnn_graph_t *dense_graph(cnn_context_t *context)
{
    const cnn_conv2d_options_t conv = {
        .struct_size = sizeof conv, .filters = 13, .padding = CNN_PADDING_SAME};
    const cnn_dense_options_t wide = {
        .struct_size = sizeof wide, .units = 37, .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t unused = {.struct_size = sizeof unused, .units = 3};
    const cnn_dense_options_t last = {.struct_size = sizeof last, .units = 5};
    cnn_graph_t *graph;
    cnn_node_t node, nowhere;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 9, 17, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &unused, &nowhere), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &wide, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &last, &node), CNN_OK);
    return graph;
}

/* Small feature maps with many channels, which the threads divide if there is one image. */
static cnn_graph_t *many_channels_graph(cnn_context_t *context)
{
    const cnn_conv2d_options_t first = {.struct_size = sizeof first,
                                        .filters = 100,
                                        .padding = CNN_PADDING_SAME,
                                        .activation = CNN_ACTIVATION_RELU};
    const cnn_conv2d_options_t second = {.struct_size = sizeof second, .filters = 70};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 9, 10, 20, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &first, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &second, &node), CNN_OK);
    return graph;
}

static const struct cd_adam adam = {.rate = 0.01f,
                                    .beta1 = 0.9f,
                                    .beta2 = 0.999f,
                                    .epsilon = 1e-8f,
                                    .decay = 0.002f,
                                    .correction1 = 0.271f,
                                    .correction2 = 0.002997f};

struct state {
    cnn_context_t *context;
    cnn_graph_t *graph;
    struct cd_plan *plan;
    float *x, *dy, *w, *m, *v, *gradients;
};

static struct state make_state(const struct cd_kernels *kernels, uint32_t threads)
{
    struct state s = {.context = make_context(kernels, threads)};

    s.graph = dense_graph(s.context);
    ck_assert_int_eq(plan_of(s.graph, IMAGES, 1, &s.plan), CNN_OK);
    const size_t size = s.graph->trainable_size;
    s.x = draw(s.context, 1, IMAGES * 9 * 17 * 3, 1.0f);
    s.dy = draw(s.context, 2, IMAGES * 5, 1.0f);
    s.w = draw(s.context, 3, size, 0.1f);
    s.m = draw(s.context, 4, size, 0.01f);
    s.v = draw(s.context, 5, size, 0.01f);
    for (size_t i = 0; i < size; i++)
        s.v[i] *= s.v[i];
    s.gradients = cd_alloc(s.context, size, sizeof(float));
    cd_plan_forward(s.plan, s.w, NULL, s.x, IMAGES, 0, 0);
    return s;
}

static void free_state(struct state *s)
{
    float *const all[] = {s->x, s->dy, s->w, s->m, s->v, s->gradients};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cd_free(s->context, all[i]);
    cd_plan_free(s->plan);
    cnn_graph_free(s->graph);
    cd_context_unref(s->context);
}

/* Whether backward with Adam updates a parameter: kernels of dense layers that are used. */
static int is_moved(const struct cd_param *param)
{
    return param->role == CD_PARAM_KERNEL && (param->count == 1989 * 37 || param->count == 37 * 5);
}

/* Runs backward and Adam one after the other (apart) and together from the same state. apart keeps
 * every gradient. */
static void check_step(struct state *apart, struct state *together)
{
    const struct cd_kernels *kernels = apart->context->kernels;
    const struct cd_plan_adam update = {
        .adam = adam, .weights = together->w, .m = together->m, .v = together->v};
    const size_t size = apart->graph->trainable_size;
    size_t moved = 0;

    cd_plan_backward(apart->plan, apart->w, apart->dy, 0, apart->gradients);
    cd_plan_backward_adam(together->plan, &update, together->dy, 0, together->gradients);
    for (size_t i = 0; i < apart->graph->n_params; i++) {
        const struct cd_param *param = &apart->graph->params[i];
        const size_t at = cd_plan_gradient_at(together->plan, i);
        const size_t bytes = param->count * sizeof(float);
        ck_assert_int_eq(at == CD_PLAN_NO_GRADIENT, is_moved(param));
        if (at == CD_PLAN_NO_GRADIENT) {
            kernels->adam(&adam, param->count, apart->gradients + param->offset,
                          apart->w + param->offset, apart->m + param->offset,
                          apart->v + param->offset);
            moved += param->count;
        } else {
            ck_assert_uint_le(at + param->count, cd_plan_gradients(together->plan));
            ck_assert_int_eq(
                memcmp(apart->gradients + param->offset, together->gradients + at, bytes), 0);
        }
    }
    ck_assert_uint_eq(moved, 1989 * 37 + 37 * 5);
    ck_assert_uint_lt(cd_plan_gradients(together->plan), size - moved + 16 * 8);
    ck_assert_int_eq(memcmp(apart->w, together->w, size * sizeof(float)), 0);
    ck_assert_int_eq(memcmp(apart->m, together->m, size * sizeof(float)), 0);
    ck_assert_int_eq(memcmp(apart->v, together->v, size * sizeof(float)), 0);
}

START_TEST(adam_within_backward)
{
    const struct cd_kernels *kernels = kernel_table(_i);
    const uint32_t threads[] = {1, 2, 3, 7};

    for (size_t t = 0; rows_are_independent(kernels) && t < sizeof threads / sizeof *threads; t++) {
        struct state apart = make_state(kernels, 1), together = make_state(kernels, threads[t]);
        check_step(&apart, &together);
        free_state(&apart);
        free_state(&together);
    }
}
END_TEST

/* Predicts all images at once, one at a time, and some at a time. */
static void check_batches(cnn_context_t *context, cnn_graph_t *graph)
{
    const size_t inputs = cd_shape_size(graph->nodes[0].shape);
    const size_t outputs = cd_shape_size(graph->nodes[graph->n_nodes - 1].shape);
    float *w = draw(context, 6, graph->trainable_size, 0.2f);
    float *statistics = draw(context, 7, graph->statistics_size, 1.0f);
    float *x = draw(context, 8, IMAGES * inputs, 1.0f);
    float *all = cd_alloc(context, IMAGES * outputs, sizeof *all);
    struct cd_plan *plan;

    for (size_t i = 0; i < graph->statistics_size; i++)
        statistics[i] = 1.0f + 0.5f * statistics[i]; /* variances must be positive */
    ck_assert_int_eq(plan_of(graph, IMAGES, 0, &plan), CNN_OK);
    memcpy(all, cd_plan_predict(plan, w, statistics, x, IMAGES), IMAGES * outputs * sizeof *all);
    for (size_t batch = 1; batch < IMAGES; batch += 3)
        for (size_t i = 0; i < IMAGES; i += batch) {
            const size_t n = IMAGES - i < batch ? IMAGES - i : batch;
            const float *some = cd_plan_predict(plan, w, statistics, x + i * inputs, n);
            ck_assert_msg(memcmp(some, all + i * outputs, n * outputs * sizeof *some) == 0,
                          "%s: images from %zu on, %zu at a time", context->kernels->name, i,
                          batch);
        }
    cd_plan_free(plan);
    cd_free(context, w);
    cd_free(context, statistics);
    cd_free(context, x);
    cd_free(context, all);
}

START_TEST(predictions_do_not_depend_on_the_batch)
{
    const struct cd_kernels *kernels = kernel_table(_i);
    cnn_graph_t *(*const graphs[])(cnn_context_t *) = {dense_graph, many_channels_graph,
                                                       every_layer_graph};

    for (uint32_t threads = 1; rows_are_independent(kernels) && threads <= 7; threads += 3) {
        cnn_context_t *context = make_context(kernels, threads);
        for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) {
            cnn_graph_t *graph = graphs[i](context);
            check_batches(context, graph);
            cnn_graph_free(graph);
        }
        cd_context_unref(context);
    }
}
END_TEST

/* Gradients of one image, whose channels the threads divide. */
static float *gradients_of_one(const struct cd_kernels *kernels, uint32_t threads, size_t *n)
{
    cnn_context_t *context = make_context(kernels, threads);
    cnn_graph_t *graph = many_channels_graph(context);
    const size_t outputs = cd_shape_size(graph->nodes[graph->n_nodes - 1].shape);
    float *w = draw(context, 10, graph->trainable_size, 0.2f);
    float *x = draw(context, 9, 9 * 10 * 20, 1.0f), *dy = draw(context, 11, outputs, 1.0f);
    float *gradients = calloc(graph->trainable_size, sizeof *gradients);
    struct cd_plan *plan;

    ck_assert_int_eq(plan_of(graph, IMAGES, 1, &plan), CNN_OK);
    cd_plan_forward(plan, w, NULL, x, 1, 1, 0);
    cd_plan_backward(plan, w, dy, 0, gradients);
    *n = graph->trainable_size;
    cd_plan_free(plan);
    cd_free(context, x);
    cd_free(context, w);
    cd_free(context, dy);
    cnn_graph_free(graph);
    cd_context_unref(context);
    return gradients;
}

START_TEST(training_on_one_image)
{
    size_t n;
    float *alone = gradients_of_one(kernel_table(_i), 1, &n);

    for (uint32_t threads = 2; rows_are_independent(kernel_table(_i)) && threads <= 7;
         threads += 5) {
        float *shared = gradients_of_one(kernel_table(_i), threads, &n);
        ck_assert_int_eq(memcmp(alone, shared, n * sizeof *alone), 0);
        free(shared);
    }
    free(alone);
}
END_TEST

Suite *suite_plan_dense(void)
{
    Suite *suite = suite_create("plan_dense");
    TCase *tcase = tcase_create("every table");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, adam_within_backward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, predictions_do_not_depend_on_the_batch, 0, kernel_table_count());
    tcase_add_loop_test(tcase, training_on_one_image, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}

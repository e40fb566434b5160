/* SPDX-License-Identifier: MIT
 *
 * Fusing: a step fuses the expected nodes, so that their feature maps are never stored. The suite
 * gradients checks the results. */
#include <check.h>

#include "plan/needs.h"
#include "plan/step.h"
#include "support/plan_makers.h"
#include "support/test_context.h"
#include <catdog/catdog.h>

enum { BATCH = 3 };

static struct test_context test;
static cnn_graph_t *graph;
static struct cd_plan *plan;

static void setup(void)
{
    test_context_open(&test, 2);
    ck_assert_int_eq(cnn_graph_create(test.context, &graph), CNN_OK);
}

static void teardown(void)
{
    cd_plan_free(plan);
    cnn_graph_free(graph);
    test_context_close(&test);
}

static cnn_node_t input(void)
{
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_input(graph, 9, 8, 3, NULL, &node), CNN_OK);
    return node;
}

static cnn_node_t conv(cnn_node_t in)
{
    const cnn_conv2d_options_t options = {
        .struct_size = sizeof options, .filters = 4, .padding = CNN_PADDING_SAME, .no_bias = 1};
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, in, &options, &node), CNN_OK);
    return node;
}

static cnn_node_t norm(cnn_node_t in)
{
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, in, NULL, &node), CNN_OK);
    return node;
}

static cnn_node_t activation(cnn_node_t in, cnn_activation_t kind)
{
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_activation(graph, in, kind, 0.1f, NULL, &node), CNN_OK);
    return node;
}

static cnn_node_t add(cnn_node_t a, cnn_node_t b)
{
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_sum(graph, a, b, NULL, &node), CNN_OK);
    return node;
}

static cnn_node_t max_pool(cnn_node_t in)
{
    cnn_node_t node;
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, in, NULL, &node), CNN_OK);
    return node;
}

static void make_plan(int training)
{
    cd_plan_free(plan);
    ck_assert_int_eq(plan_of(graph, BATCH, training, &plan), CNN_OK);
}

/* Checks each step's node and the last node that it fuses. */
static void expect_steps(const size_t (*steps)[2], size_t n)
{
    ck_assert_uint_eq(plan->n_steps, n);
    for (size_t s = 0; s < n; s++) {
        ck_assert_uint_eq(plan->steps[s].index, steps[s][0]);
        ck_assert_uint_eq(plan->steps[s].out, steps[s][1]);
    }
}

#define EXPECT_STEPS(...)                                                                          \
    do {                                                                                           \
        const size_t steps_[][2] = {__VA_ARGS__};                                                  \
        expect_steps(steps_, sizeof steps_ / sizeof *steps_);                                      \
    } while (0)

static int has_activations(size_t node)
{
    return cd_plan_needs(plan, node).output > 0;
}

static int has_gradient(size_t node)
{
    return cd_plan_needs(plan, node).gradient > 0;
}

/* A residual block. Its nodes: 1 conv, 2 norm, 3 ReLU, 4 conv, 5 norm, 6 add, 7 ReLU, 8 conv. */
static void make_block(void)
{
    const cnn_node_t x = activation(norm(conv(input())), CNN_ACTIVATION_RELU);
    conv(activation(add(x, norm(conv(x))), CNN_ACTIVATION_RELU));
}

START_TEST(a_block_in_training)
{
    make_block();
    make_plan(1);
    EXPECT_STEPS({1, 1}, {2, 3}, {4, 4}, {5, 7}, {8, 8});
    ck_assert(has_activations(1) && has_activations(3) && has_activations(4) && has_activations(7));
    ck_assert(!has_activations(2) && !has_activations(5) && !has_activations(6));
    /* Addition and batch normalisation leave the gradient where it is. */
    ck_assert(has_gradient(7) && has_gradient(4));
    ck_assert(!has_gradient(6) && !has_gradient(5) && !has_gradient(3) && !has_gradient(1));
    ck_assert_int_eq(plan->gradients[1], plan->gradients[7]);
}
END_TEST

START_TEST(a_block_predicting)
{
    make_block();
    make_plan(0);
    EXPECT_STEPS({1, 3}, {4, 5}, {6, 7}, {8, 8});
    ck_assert_ptr_eq(plan->steps[0].folded, &graph->nodes[2]);
    ck_assert_ptr_null(plan->steps[3].folded);
    ck_assert_int_eq(plan->steps[0].conv_layer.activation.kind, CNN_ACTIVATION_RELU);
    ck_assert_uint_gt(cd_plan_needs(plan, 1).prepared, 0);
    ck_assert(!has_activations(1) && !has_activations(2) && has_activations(3) &&
              has_activations(5));
}
END_TEST

/* The passes of a step count what it fuses. */
START_TEST(passes_of_a_block)
{
    struct cd_plan_pass passes[3 * 5];
    size_t of_norm = 0;

    make_block();
    make_plan(1);
    const size_t n = cd_plan_passes(plan, passes);
    const double map = (double)BATCH * 9 * 8 * 4 * sizeof(float);
    ck_assert_uint_eq(n, 2 + 2 + 3 + 2 + 3);
    for (size_t i = 0; i < n; i++) {
        if (passes[i].step != 3)
            continue;
        of_norm++;
        ck_assert_str_eq(passes[i].layer, graph->nodes[5].name);
        /* Forward reads two feature maps and writes one. Backward reads dy, y and x and writes two
         * gradients. The parameters come on top. */
        const double maps = passes[i].pass == CNN_PASS_FORWARD ? 3 : 5;
        ck_assert(passes[i].bytes >= maps * map && passes[i].bytes < (maps + 1) * map);
    }
    ck_assert_uint_eq(of_norm, 2);
}
END_TEST

/* The later of two batch normalisations fuses their addition, because it needs both operands. */
START_TEST(a_projection)
{
    const cnn_node_t x = input();
    const cnn_node_t a = norm(conv(x)), b = norm(conv(x));
    conv(activation(add(a, b), CNN_ACTIVATION_RELU));
    make_plan(1);
    EXPECT_STEPS({1, 1}, {2, 2}, {3, 3}, {4, 6}, {7, 7});
    make_plan(0);
    EXPECT_STEPS({1, 2}, {3, 4}, {5, 6}, {7, 7});
}
END_TEST

/* In prediction a convolution fuses batch normalisation, ReLU and a max pooling. */
START_TEST(max_pooling_behind)
{
    conv(max_pool(activation(norm(conv(input())), CNN_ACTIVATION_RELU)));
    make_plan(0);
    EXPECT_STEPS({1, 4}, {5, 5});
    make_plan(1);
    EXPECT_STEPS({1, 1}, {2, 3}, {4, 4}, {5, 5});
}
END_TEST

/* Not fused: a feature map with several readers, an activation that the convolution algorithms do
 * not support, and the output. */
START_TEST(not_fused)
{
    const cnn_node_t a = norm(conv(input())); /* nodes 1 and 2 */
    const cnn_node_t b = activation(a, CNN_ACTIVATION_RELU);
    const cnn_node_t c = activation(conv(add(a, b)), CNN_ACTIVATION_SIGMOID); /* nodes 4, 5 and 6 */
    norm(activation(c, CNN_ACTIVATION_SOFTMAX));
    make_plan(0);
    EXPECT_STEPS({1, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 8});
    make_plan(1);
    EXPECT_STEPS({1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}, {8, 8});
}
END_TEST

Suite *suite_plan_fuse(void)
{
    Suite *suite = suite_create("plan_fuse");
    TCase *tests = tcase_create("steps");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_block_in_training);
    tcase_add_test(tests, a_block_predicting);
    tcase_add_test(tests, passes_of_a_block);
    tcase_add_test(tests, a_projection);
    tcase_add_test(tests, max_pooling_behind);
    tcase_add_test(tests, not_fused);
    suite_add_tcase(suite, tests);
    return suite;
}

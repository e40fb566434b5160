/* SPDX-License-Identifier: MIT
 *
 * Fine-tuning's start: the new model has the backbone's bits and a head for its classes. Networks
 * whose head cannot be replaced are refused. */
#include <check.h>
#include <string.h>

#include "model/model.h"
#include "support/failing_allocator.h"
#include "support/toy.h"

static cnn_context_t *context;
static cnn_model_t *from;

static const char *const two[] = {"left", "right"};
static const char *const five[] = {"a", "b", "c", "d", "\xc3\xa9\""};

/* A trained model with running statistics and metadata. */
static void setup(void)
{
    context = toy_context(2);
    cnn_dataset_t *data = toy_data(context, 40, 2, 1);
    const cnn_train_options_t options = {.struct_size = sizeof options, .epochs = 2};
    from = toy_model(context, TOY_FULL, 2, 3);
    ck_assert_int_eq(cnn_model_train(from, data, NULL, &options, NULL), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(from, "note", "any text"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(from, "recipe", "no JSON"), CNN_OK);
    cnn_dataset_free(data);
}

static void teardown(void)
{
    cnn_model_free(from);
    cnn_context_free(context);
}

static cnn_model_t *adapt(const char *const *classes, size_t n, int fresh_head)
{
    const cnn_model_adapt_options_t options = {.struct_size = sizeof options,
                                               .classes = classes,
                                               .n_classes = n,
                                               .seed = 8,
                                               .fresh_head = fresh_head};
    cnn_model_t *model;
    ck_assert_msg(cnn_model_adapt(from, &options, &model) == CNN_OK, "%s", cnn_error_message());
    return model;
}

/* All parameters before the head must have the same names and bits. */
static void check_trunk(const cnn_model_t *model, int same_head)
{
    const cnn_graph_t *graph = model->graph;

    ck_assert_uint_eq(graph->n_params, from->graph->n_params);
    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *a = &graph->params[i], *b = &from->graph->params[i];
        const int head = strcmp(a->name, "dense_1/kernel") == 0;
        ck_assert_str_eq(a->name, b->name);
        if (a->node + 1 < graph->n_nodes || same_head)
            ck_assert_int_eq(memcmp(cd_model_values(model, a), cd_model_values(from, b),
                                    a->count * sizeof(float)), 0);
        else if (head)
            ck_assert_int_ne(memcmp(cd_model_values(model, a), cd_model_values(from, b),
                                    b->count * sizeof(float)), 0);
    }
}

START_TEST(keeps_the_head)
{
    static const char *const capitals[] = {"Left", "RIGHT"};
    cnn_model_t *copy, *named = adapt(capitals, 2, 0);

    ck_assert_int_eq(cnn_model_adapt(from, NULL, &copy), CNN_OK);
    ck_assert(toy_same_weights(from, copy));
    ck_assert_str_eq(cnn_model_class_name(copy, 1), "right");
    ck_assert(toy_same_weights(from, named));
    ck_assert_str_eq(cnn_model_class_name(named, 1), "RIGHT");
    cnn_model_free(copy);
    cnn_model_free(named);
}
END_TEST

START_TEST(two_to_two)
{
    static const char *const turned[] = {"right", "left"};
    const cnn_model_adapt_options_t drawn = {.struct_size = sizeof drawn,
                                             .seed = 5,
                                             .fresh_head = 1,
                                             .initializer = CNN_INITIALIZER_GLOROT_UNIFORM};
    cnn_model_t *fresh = adapt(two, 2, 1), *other = adapt(turned, 2, 0), *random, *again;
    float kernel[9];

    check_trunk(fresh, 0);
    check_trunk(other, 0);
    ck_assert(toy_same_weights(fresh, other));
    ck_assert_int_eq(cnn_model_parameter_values(fresh, "dense_1/kernel", 9, kernel), CNN_OK);
    for (int i = 0; i < 9; i++)
        ck_assert(kernel[i] == 0);
    ck_assert_int_eq(cnn_model_adapt(from, &drawn, &random), CNN_OK);
    ck_assert_int_eq(cnn_model_adapt(from, &drawn, &again), CNN_OK);
    check_trunk(random, 0);
    ck_assert(toy_same_weights(random, again) && !toy_same_weights(random, fresh));
    cnn_model_free(random);
    cnn_model_free(again);
    ck_assert_str_eq(cnn_model_class_name(other, 0), "right");
    ck_assert_int_eq(cd_graph_output(other->graph)->activation, CNN_ACTIVATION_SIGMOID);
    cnn_model_free(fresh);
    cnn_model_free(other);
}
END_TEST

START_TEST(two_to_five_and_back)
{
    cnn_model_t *model = adapt(five, 5, 0), *back;
    const struct cd_node *head = cd_graph_output(model->graph);
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options, .classes = two, .n_classes = 2};

    check_trunk(model, 0);
    ck_assert(head->shape.c == 5 && head->activation == CNN_ACTIVATION_SOFTMAX);
    ck_assert_uint_eq(cnn_model_class_count(model), 5);
    ck_assert_str_eq(cnn_model_class_name(model, 4), five[4]);
    ck_assert_int_eq(memcmp(&model->preprocess, &from->preprocess, sizeof from->preprocess), 0);
    ck_assert_int_eq(cnn_model_adapt(model, &options, &back), CNN_OK);
    check_trunk(back, 0);
    ck_assert_uint_eq(cd_graph_output(back->graph)->shape.c, 1);
    const char *origin = cnn_model_metadata(back, "adapted_from");
    ck_assert_ptr_nonnull(strstr(origin, "\"classes\":[\"a\",\"b\",\"c\",\"d\",\"\xc3\xa9\\\"\"]"));
    ck_assert_ptr_nonnull(strstr(origin, "\"adapted_from\":{"));
    ck_assert_ptr_nonnull(strstr(origin, "\"epochs_run\":2"));
    ck_assert_ptr_null(strstr(origin, "recipe"));
    ck_assert_str_eq(cnn_model_metadata(back, "note"), "any text");
    ck_assert_ptr_null(cnn_model_metadata(back, "training"));
    ck_assert_ptr_null(cnn_model_metadata(back, "recipe"));
    cnn_model_free(model);
    cnn_model_free(back);
}
END_TEST

static double accuracy(cnn_model_t *model, cnn_dataset_t *data)
{
    cnn_evaluation_t *evaluation;
    cnn_metrics_t metrics = {.struct_size = sizeof metrics};

    ck_assert_int_eq(cnn_model_evaluate(model, data, NULL, &evaluation), CNN_OK);
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_OK);
    cnn_evaluation_free(evaluation);
    return metrics.accuracy;
}

/* The head learns three classes. The frozen backbone keeps its bits. */
START_TEST(fine_tuning)
{
    static const char *const three[] = {"left", "right", "top"};
    const cnn_train_options_t options = {.struct_size = sizeof options, .epochs = 30,
                                         .loss = CNN_LOSS_CROSS_ENTROPY, .learning_rate = 0.02f,
                                         .freeze = CNN_FREEZE_ALL_BUT_HEAD};
    cnn_model_t *model = adapt(three, 3, 0);
    cnn_dataset_t *data = toy_data(context, 90, 3, 1);

    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, NULL), CNN_OK);
    check_trunk(model, 0);
    ck_assert_double_gt(accuracy(model, data), 0.6);
    ck_assert_ptr_nonnull(strstr(cnn_model_metadata(model, "training"), "\"freeze\": \"*\""));
    cnn_dataset_free(data);
    cnn_model_free(model);
}
END_TEST

START_TEST(of_a_preset)
{
    const cnn_model_adapt_options_t options = {.struct_size = sizeof options,
                                               .classes = five,
                                               .n_classes = 5,
                                               .initializer = CNN_INITIALIZER_HE_NORMAL};
    cnn_graph_t *graph;
    cnn_model_t *preset, *model;

    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", 20, 24, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &preset), CNN_OK);
    ck_assert_int_eq(cnn_model_adapt(preset, &options, &model), CNN_OK);
    ck_assert_str_eq(model->graph->preset, "");
    ck_assert_int_eq(cd_graph_output(model->graph)->initializer, CNN_INITIALIZER_HE_NORMAL);
    ck_assert_ptr_nonnull(
        strstr(cnn_model_metadata(model, "adapted_from"), "\"preset\":\"conv24\""));
    cnn_model_free(model);
    ck_assert_int_eq(cnn_model_adapt(preset, NULL, &model), CNN_OK);
    ck_assert_str_eq(model->graph->preset, "");
    cnn_model_free(model);
    cnn_model_free(preset);
    cnn_graph_free(graph);
}
END_TEST

/* ---- which heads can be replaced ---- */

/* Input, flatten, a dense layer if asked for, and the layers that more adds. */
static cnn_model_t *make(int has_dense, cnn_node_t (*more)(cnn_graph_t *, cnn_node_t))
{
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 12};
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 2, 2, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    if (has_dense)
        ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    more(graph, node);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    cnn_graph_free(graph);
    return model;
}

static cnn_node_t add_softmax(cnn_graph_t *graph, cnn_node_t node)
{
    ck_assert_int_eq(
        cnn_graph_add_activation(graph, node, CNN_ACTIVATION_SOFTMAX, 0, "last", &node), CNN_OK);
    return node;
}

static cnn_node_t add_shortcut(cnn_graph_t *graph, cnn_node_t node)
{
    ck_assert_int_eq(cnn_graph_add_sum(graph, node, 1, "last", &node), CNN_OK);
    return node;
}

static cnn_status_t adapt_made(cnn_model_t *made, cnn_model_t **model)
{
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options, .classes = five, .n_classes = 5};
    const cnn_status_t rc = cnn_model_adapt(made, &options, model);
    cnn_model_free(made);
    return rc;
}

START_TEST(heads)
{
    cnn_model_t *model;

    ck_assert_int_eq(adapt_made(make(1, add_softmax), &model), CNN_OK);
    ck_assert_str_eq(cd_graph_output(model->graph)->name, "dense");
    cnn_model_free(model);
    ck_assert_int_eq(adapt_made(make(1, add_shortcut), &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_null(model);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "layer \"last\" follows \"dense\""));
    ck_assert_int_eq(adapt_made(make(0, add_softmax), &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "\"last\" and has no dense layer"));
}
END_TEST

static void refused(const char *const *classes, size_t n, cnn_initializer_t initializer)
{
    const cnn_model_adapt_options_t options = {.struct_size = sizeof options,
                                               .classes = classes,
                                               .n_classes = n,
                                               .initializer = initializer};
    cnn_model_t *model = from;
    ck_assert_int_eq(cnn_model_adapt(from, &options, &model), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(model);
}

START_TEST(arguments)
{
    static const char *const twice[] = {"a", "a"}, *const none[] = {"left", NULL};

    refused(five, 1, CNN_INITIALIZER_DEFAULT);
    refused(five, 0, CNN_INITIALIZER_DEFAULT);
    refused(NULL, 2, CNN_INITIALIZER_DEFAULT);
    refused(twice, 2, CNN_INITIALIZER_DEFAULT);
    refused(none, 2, CNN_INITIALIZER_DEFAULT);
    refused(five, 5, (cnn_initializer_t)9);
    ck_assert_int_eq(cnn_model_adapt(from, NULL, NULL), CNN_ERROR_ARGUMENT);
    cnn_model_t *model = from;
    ck_assert_int_eq(cnn_model_adapt(NULL, NULL, &model), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(model);
}
END_TEST

/* ---- photos of another size ---- */

/* Layers for any input size, then global pooling (not if flat is set), flatten and dense. */
static cnn_graph_t *any_size_graph(uint32_t height, uint32_t width, int flat)
{
    const cnn_conv2d_options_t half = {.struct_size = sizeof half, .name = "half", .filters = 6,
                                       .stride_height = 2, .stride_width = 2,
                                       .padding = CNN_PADDING_EXPLICIT, .pad_top = 1,
                                       .pad_bottom = 1, .pad_left = 1, .pad_right = 1,
                                       .activation = CNN_ACTIVATION_LEAKY_RELU, .alpha = 0.2f};
    const cnn_conv2d_options_t same = {.struct_size = sizeof same, .filters = 6, .no_bias = 1,
                                       .padding = CNN_PADDING_EXPLICIT, .pad_top = 1,
                                       .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
    const cnn_pool2d_options_t pool = {.struct_size = sizeof pool, .name = "pool",
                                       .padding = CNN_PADDING_EXPLICIT, .pad_right = 1};
    const cnn_dense_options_t dense = {.struct_size = sizeof dense, .units = 1,
                                       .activation = CNN_ACTIVATION_SIGMOID};
    cnn_graph_t *graph;
    cnn_node_t node, shortcut;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, height, width, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &half, &shortcut), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, shortcut, &same, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_sum(graph, node, shortcut, "sum", &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_activation(graph, node, CNN_ACTIVATION_RELU, 0, NULL, &node),
                     CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, &pool, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dropout(graph, node, 0.25f, NULL, &node), CNN_OK);
    if (!flat)
        ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    return graph;
}

static cnn_model_t *any_size_model(uint32_t height, uint32_t width, int flat)
{
    static const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess,
                                                .fit = CNN_FIT_CROP, .mean = {0.5f, 0.4f, 0.3f}};
    const cnn_model_options_t options = {.struct_size = sizeof options, .seed = 4,
                                         .preprocess = &preprocess, .classes = two,
                                         .n_classes = 2};
    cnn_graph_t *graph = any_size_graph(height, width, flat);
    cnn_model_t *model;

    ck_assert_int_eq(cnn_model_create(graph, &options, &model), CNN_OK);
    cnn_graph_free(graph);
    return model;
}

static cnn_status_t adapt_size(cnn_model_t *model, uint32_t height, uint32_t width,
                               cnn_model_t **out)
{
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options, .height = height, .width = width};
    return cnn_model_adapt(model, &options, out);
}

/* The model must be the one that the graph gives at the other size: graph, weights, preprocessing
 * and outputs. */
START_TEST(another_size)
{
    cnn_model_t *small = any_size_model(13, 16, 0), *large = any_size_model(22, 19, 0), *model;
    const float image[22 * 19 * 3] = {0.5f, -1, 2, 1};
    cnn_session_t *session;
    float expected, output;

    ck_assert_int_eq(adapt_size(small, 22, 19, &model), CNN_OK);
    ck_assert(toy_same_weights(model, small) && toy_same_weights(model, large));
    ck_assert_uint_eq(model->graph->n_nodes, large->graph->n_nodes);
    for (size_t i = 0; i < large->graph->n_nodes; i++) {
        const struct cd_node *a = &model->graph->nodes[i], *b = &large->graph->nodes[i];
        ck_assert_str_eq(a->name, b->name);
        ck_assert_int_eq(memcmp(&a->shape, &b->shape, sizeof a->shape), 0);
        ck_assert_int_eq(memcmp(&a->window, &b->window, sizeof a->window), 0);
    }
    ck_assert_int_eq(memcmp(&model->preprocess, &large->preprocess, sizeof large->preprocess), 0);
    ck_assert_int_eq(cnn_session_create(large, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, image, 1, &expected), CNN_OK);
    cnn_session_free(session);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, image, 1, &output), CNN_OK);
    cnn_session_free(session);
    ck_assert_int_eq(memcmp(&output, &expected, sizeof output), 0);
    cnn_model_free(model);
    cnn_model_free(small);
    cnn_model_free(large);
}
END_TEST

/* Other classes and another size in one call. */
START_TEST(another_size_and_head)
{
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options, .classes = five, .n_classes = 5, .height = 9, .width = 31};
    cnn_model_t *small = any_size_model(13, 16, 0), *model;

    ck_assert_int_eq(cnn_model_adapt(small, &options, &model), CNN_OK);
    ck_assert_uint_eq(model->preprocess.height, 9);
    ck_assert_uint_eq(cd_graph_output(model->graph)->shape.c, 5);
    ck_assert_uint_eq(cd_graph_node(model->graph, "sum")->shape.w, 16);
    cnn_model_free(model);
    cnn_model_free(small);
}
END_TEST

START_TEST(sizes_refused)
{
    cnn_model_t *flat = any_size_model(13, 16, 1), *pooled = any_size_model(13, 16, 0), *model;
    ck_assert_int_eq(adapt_size(flat, 22, 16, &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_null(model);
    ck_assert_ptr_nonnull(
        strstr(cnn_error_message(), "does not fit an input of 22 x 16: layer \"dense\""));
    ck_assert_int_eq(adapt_size(flat, 13, 16, &model), CNN_OK);
    cnn_model_free(model);
    ck_assert_int_eq(adapt_size(pooled, 1, 1, &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "layer \"pool\""));
    ck_assert_int_eq(adapt_size(pooled, 70000, 70000, &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "is not 1 to"));
    ck_assert_int_eq(adapt_size(pooled, 70000, 4, &model), CNN_ERROR_SHAPE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "at most 65535"));
    ck_assert_int_eq(adapt_size(pooled, 20, 0, &model), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "height and width"));
    cnn_model_free(flat);
    cnn_model_free(pooled);
}
END_TEST

/* ---- no memory ---- */

START_TEST(each_allocation_refused)
{
    static struct failing_allocator allocator;
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options, .classes = five, .n_classes = 5};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_model_t *old = toy_model(own, TOY_FULL, 2, 3), *model = NULL;
    size_t refusals = 0;

    ck_assert_int_eq(cnn_model_set_metadata(old, "note", "text"), CNN_OK);
    while (!model) {
        const size_t live = atomic_load(&allocator.live);
        failing_allocator_set(&allocator, ++refusals);
        const cnn_status_t rc = cnn_model_adapt(old, &options, &model);
        failing_allocator_set(&allocator, 0);
        ck_assert_int_eq(rc, model ? CNN_OK : CNN_ERROR_MEMORY);
        ck_assert(model || atomic_load(&allocator.live) == live);
    }
    ck_assert_uint_gt(refusals, 10);
    cnn_model_free(model);
    cnn_model_free(old);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_adapt(void)
{
    Suite *suite = suite_create("adapt");
    TCase *tc = tcase_create("adapt");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, keeps_the_head);
    tcase_add_test(tc, two_to_two);
    tcase_add_test(tc, two_to_five_and_back);
    tcase_add_test(tc, fine_tuning);
    tcase_add_test(tc, of_a_preset);
    tcase_add_test(tc, heads);
    tcase_add_test(tc, arguments);
    tcase_add_test(tc, another_size);
    tcase_add_test(tc, another_size_and_head);
    tcase_add_test(tc, sizes_refused);
    tcase_add_test(tc, each_allocation_refused);
    suite_add_tcase(suite, tc);
    return suite;
}

/* SPDX-License-Identifier: MIT
 *
 * Explanations: the layer that is explained, errors, threads and drawings. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"
#include "support/photo_folder.h"
#include "support/staged_net.h"

enum { LARGEST = STAGED_HEIGHT * STAGED_WIDTH * 8 };

#define OK(call) ck_assert_msg((call) == CNN_OK, "%s", cnn_error_message())

static cnn_context_t *context;
static cnn_image_t *photo;

static void setup(void)
{
    context = context_with_threads(3);
    photo = staged_photo(context);
}

static void teardown(void)
{
    cnn_image_free(photo);
    cnn_context_free(context);
}

/* ---- global average pooling and one dense layer: CAM (Zhou et al. 2016) ---- */

static cnn_model_t *cam_model(uint32_t outputs, cnn_activation_t activation, int apart)
{
    cnn_graph_t *graph;
    cnn_node_t node;

    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, STAGED_HEIGHT, STAGED_WIDTH, 3, NULL, &node));
    node = staged_conv(graph, node, "maps", 8, 3, CNN_PADDING_SAME, CNN_ACTIVATION_RELU);
    OK(cnn_graph_add_global_average_pool2d(graph, node, NULL, &node));
    node = staged_dense(graph, node, "head", outputs, apart ? CNN_ACTIVATION_NONE : activation);
    if (apart)
        OK(cnn_graph_add_activation(graph, node, activation, 0, NULL, &node));
    return staged_model_of(graph);
}

/* ---- the default layer, and errors ---- */

static cnn_graph_t *with_a_branch(void)
{
    cnn_graph_t *graph;
    cnn_node_t node, other;

    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, STAGED_HEIGHT, STAGED_WIDTH, 3, NULL, &node));
    node = staged_conv(graph, node, "way", 4, 3, CNN_PADDING_SAME, CNN_ACTIVATION_RELU);
    other = staged_conv(graph, node, "branch", 4, 3, CNN_PADDING_SAME, CNN_ACTIVATION_RELU);
    (void)other;
    OK(cnn_graph_add_dropout(graph, node, 0.1f, "drop", &node));
    OK(cnn_graph_add_flatten(graph, node, NULL, &node));
    staged_dense(graph, node, "out", 1, CNN_ACTIVATION_SIGMOID);
    return graph;
}

static void check_default(cnn_model_t *model, const char *layer)
{
    cnn_explanation_t *explanation;

    ck_assert_str_eq(staged_explain(model, photo, NULL, NULL, &explanation).layer, layer);
    cnn_explanation_free(explanation);
    cnn_model_free(model);
}

static cnn_graph_t *preset(const char *name)
{
    cnn_graph_t *graph;

    OK(cnn_graph_create_preset(context, name, STAGED_HEIGHT, STAGED_WIDTH, 1, &graph));
    return graph;
}

START_TEST(default_layer_is_the_last_with_a_map)
{
    check_default(staged_model(context), "pool_b");
    check_default(staged_model_of(every_layer_graph(context)), "average_pool2d");
    check_default(staged_model_of(preset("conv24")), "max_pool2d");
    check_default(staged_model_of(with_a_branch()), "way");
}
END_TEST

static void refused(const cnn_model_t *model, const char *class_name, const char *layer,
                    cnn_status_t expected, const char *says)
{
    const cnn_explanation_options_t options = {
        .struct_size = sizeof options, .class_name = class_name, .layer = layer};
    cnn_explanation_t *explanation = (cnn_explanation_t *)(void *)photo;

    ck_assert_int_eq(cnn_explanation_create(model, photo, &options, &explanation), expected);
    ck_assert_ptr_null(explanation);
    ck_assert_str_eq(cnn_error_message(), says);
}

START_TEST(layers_and_classes_refused)
{
    cnn_model_t *model = staged_model(context), *flat = staged_model_of(preset("mlp")),
                *branch = staged_model_of(with_a_branch()), *bare;
    cnn_graph_t *graph;
    cnn_node_t node;

    refused(model, "dog", NULL, CNN_ERROR_ARGUMENT,
            "cnn_explanation_create: there is no class \"dog\"");
    refused(model, NULL, "c", CNN_ERROR_ARGUMENT,
            "cnn_explanation_create: there is no layer \"c\"");
    refused(model, NULL, "hidden", CNN_ERROR_SHAPE, "layer \"hidden\" is flat: it has no map");
    refused(model, NULL, "flat", CNN_ERROR_SHAPE, "layer \"flat\" is flat: it has no map");
    refused(model, NULL, "input", CNN_ERROR_SHAPE,
            "layer \"input\" is the photo itself: it cannot be explained");
    refused(flat, NULL, NULL, CNN_ERROR_SHAPE,
            "no layer of this network has a map larger than 1 x 1");
    refused(branch, NULL, "branch", CNN_ERROR_SHAPE,
            "the output does not depend on layer \"branch\"");
    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, 2, 2, 1, NULL, &node));
    OK(cnn_graph_add_flatten(graph, node, NULL, &node));
    OK(cnn_model_create(graph, NULL, &bare));
    refused(bare, NULL, NULL, CNN_ERROR_SHAPE,
            "cnn_explanation_create: this model does not see photos");
    cnn_graph_free(graph);
    cnn_model_free(bare);
    cnn_model_free(branch);
    cnn_model_free(flat);
    cnn_model_free(model);
}
END_TEST

START_TEST(values_that_overflow)
{
    cnn_model_t *model = cam_model(3, CNN_ACTIVATION_SOFTMAX, 0);
    const struct cd_param *kernel = cd_graph_param(model->graph, "maps/kernel");

    for (size_t i = 0; i < kernel->count; i++)
        model->weights[kernel->offset + i] = 3e38f;
    refused(model, "ant", NULL, CNN_ERROR_NAN,
            "layer \"maps\": its values or their gradients are not finite");
    cnn_model_free(model);
}
END_TEST

/* The map of a class with negative weights only is 0 everywhere. */
START_TEST(negative_weights_give_an_empty_map)
{
    cnn_model_t *model = cam_model(1, CNN_ACTIVATION_SIGMOID, 0);
    const struct cd_param *kernel = cd_graph_param(model->graph, "head/kernel");
    cnn_explanation_t *explanation;

    for (size_t i = 0; i < kernel->count; i++)
        model->weights[kernel->offset + i] = -1;
    staged_explain(model, photo, "1", NULL, &explanation);
    for (size_t i = 0; i < STAGED_HEIGHT * STAGED_WIDTH; i++)
        ck_assert(cnn_explanation_heatmap(explanation)[i] == 0);
    cnn_explanation_free(explanation);
    cnn_model_free(model);
}
END_TEST

/* ---- the model is only read; any number of threads gives the same bits ---- */

START_TEST(model_is_not_changed)
{
    cnn_model_t *model = staged_model(context), *same = staged_model(context);
    cnn_explanation_t *explanation;

    staged_explain(model, photo, NULL, "a", &explanation);
    ck_assert_int_eq(
        memcmp(model->weights, same->weights, model->graph->trainable_size * sizeof(float)), 0);
    ck_assert_int_eq(
        memcmp(model->statistics, same->statistics, model->graph->statistics_size * sizeof(float)),
        0);
    cnn_explanation_free(explanation);
    cnn_model_free(same);
    cnn_model_free(model);
}
END_TEST

START_TEST(any_number_of_threads)
{
    static const uint32_t threads[] = {1, 2, 3, 7};
    cnn_model_t *model = staged_model(context);
    cnn_explanation_t *expected, *got;

    for (int stage = 0; stage < STAGED_MAPS; stage++) {
        const cnn_explanation_info_t info =
            staged_explain(model, photo, NULL, staged_names[stage], &expected);
        for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
            cnn_context_t *other = context_with_threads(threads[i]);
            cnn_model_t *same = staged_model(other);
            const cnn_explanation_info_t is =
                staged_explain(same, photo, NULL, staged_names[stage], &got);
            ck_assert(is.probability == info.probability);
            ck_assert_int_eq(memcmp(cnn_explanation_heatmap(expected), cnn_explanation_heatmap(got),
                                    (size_t)info.height * info.width * sizeof(float)),
                             0);
            cnn_explanation_free(got);
            cnn_model_free(same);
            cnn_context_free(other);
        }
        cnn_explanation_free(expected);
    }
    cnn_model_free(model);
}
END_TEST

enum { CALLERS = 4, ROUNDS = 10 };

struct caller {
    pthread_t thread;
    const cnn_model_t *model;
    const cnn_explanation_t *expected;
    int wrong;
};

static void *explain_often(void *argument)
{
    struct caller *caller = argument;
    cnn_explanation_info_t info = {.struct_size = sizeof info};

    for (int round = 0; round < ROUNDS; round++) {
        cnn_explanation_t *explanation;
        if (cnn_explanation_create(caller->model, photo, NULL, &explanation) != CNN_OK ||
            cnn_explanation_info(explanation, &info) != CNN_OK ||
            memcmp(cnn_explanation_heatmap(explanation), cnn_explanation_heatmap(caller->expected),
                   (size_t)info.height * info.width * sizeof(float)) != 0)
            caller->wrong++;
        cnn_explanation_free(explanation);
    }
    return NULL;
}

START_TEST(threads_share_a_model)
{
    cnn_model_t *model = staged_model(context);
    struct caller callers[CALLERS];
    cnn_explanation_t *expected;

    staged_explain(model, photo, NULL, NULL, &expected);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.model = model, .expected = expected};
        ck_assert_int_eq(pthread_create(&callers[i].thread, NULL, explain_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        ck_assert_int_eq(pthread_join(callers[i].thread, NULL), 0);
        ck_assert_int_eq(callers[i].wrong, 0);
    }
    cnn_explanation_free(expected);
    cnn_model_free(model);
}
END_TEST

/* ---- drawing ---- */

static int brightness(const cnn_image_t *image, size_t y, size_t x)
{
    const uint8_t *rgb = cnn_image_pixels(image) + (y * cnn_image_width(image) + x) * 3;
    return rgb[0] + rgb[1] + rgb[2];
}

/* The drawing of an even grey photo is brightest where the map is 1, and darkest where it is 0. */
START_TEST(drawing)
{
    const cnn_explanation_draw_options_t faint = {.struct_size = sizeof faint, .opacity = 0.01f};
    uint8_t grey[STAGED_HEIGHT * STAGED_WIDTH * 3];
    cnn_model_t *model = cam_model(3, CNN_ACTIVATION_SOFTMAX, 0);
    cnn_explanation_t *explanation;
    cnn_image_t *even, *drawn;

    memset(grey, 100, sizeof grey);
    OK(cnn_image_create(context, grey, STAGED_HEIGHT, STAGED_WIDTH, 0, &even));
    staged_explain(model, photo, NULL, NULL, &explanation);
    const float *map = cnn_explanation_heatmap(explanation);
    OK(cnn_explanation_draw(explanation, even, NULL, &drawn));
    int hot = 0;
    for (size_t y = 0; y < STAGED_HEIGHT; y++)
        for (size_t x = 0; x < STAGED_WIDTH; x++) {
            const float value = map[y * STAGED_WIDTH + x];
            ck_assert(value >= 0 && value <= 1);
            if (value == 1)
                ck_assert_int_eq(brightness(drawn, y, x), 176 + 178 + 132);
            if (value == 0)
                ck_assert_int_eq(brightness(drawn, y, x), 50 + 50 + 52);
            hot += value == 1;
        }
    ck_assert_int_gt(hot, 0);
    cnn_image_free(drawn);
    OK(cnn_explanation_draw(explanation, even, &faint, &drawn));
    ck_assert_int_lt(abs(brightness(drawn, 5, 5) - 300), 6);
    cnn_image_free(drawn);
    cnn_image_free(even);
    cnn_explanation_free(explanation);
    cnn_model_free(model);
}
END_TEST

START_TEST(drawing_faults)
{
    static const float opacities[] = {-0.1f, 1.1f, NAN, INFINITY};
    cnn_model_t *model = cam_model(1, CNN_ACTIVATION_SIGMOID, 0);
    cnn_explanation_t *explanation;
    cnn_image_t *drawn;

    staged_explain(model, photo, NULL, NULL, &explanation);
    for (size_t i = 0; i < sizeof opacities / sizeof *opacities; i++) {
        const cnn_explanation_draw_options_t options = {.struct_size = sizeof options,
                                                        .opacity = opacities[i]};
        drawn = photo;
        ck_assert_int_eq(cnn_explanation_draw(explanation, photo, &options, &drawn),
                         CNN_ERROR_ARGUMENT);
        ck_assert_ptr_null(drawn);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "opacity"));
    }
    cnn_explanation_free(explanation);
    cnn_model_free(model);
}
END_TEST

/* ---- lifetime and memory ---- */

START_TEST(outlives_its_model)
{
    cnn_model_t *model = staged_model(context);
    cnn_explanation_info_t info = {.struct_size = sizeof info};
    cnn_explanation_t *explanation;
    cnn_image_t *drawn;

    staged_explain(model, photo, "bee", NULL, &explanation);
    cnn_model_free(model);
    cnn_context_free(context);
    OK(cnn_explanation_info(explanation, &info));
    ck_assert_str_eq(info.class_name, "bee");
    ck_assert_str_eq(info.layer, "pool_b");
    OK(cnn_explanation_draw(explanation, photo, NULL, &drawn));
    cnn_image_free(drawn);
    cnn_explanation_free(explanation);
    cnn_explanation_free(NULL);
    ck_assert_ptr_null(cnn_explanation_heatmap(NULL));
    context = NULL;
}
END_TEST

START_TEST(without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_model_t *model = staged_model(own);
    cnn_image_t *seen = staged_photo(own), *drawn;
    int failed = 1;

    for (size_t n = 1; failed; n++) {
        cnn_explanation_t *explanation;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_explanation_create(model, seen, NULL, &explanation);
        ck_assert((rc == CNN_OK) == (explanation != NULL));
        if (explanation) {
            rc = cnn_explanation_draw(explanation, seen, NULL, &drawn);
            ck_assert((rc == CNN_OK) == (drawn != NULL));
            cnn_image_free(drawn);
        }
        failed = failing_allocator_failed(&allocator);
        ck_assert_msg(rc == (failed ? CNN_ERROR_MEMORY : CNN_OK), "request %zu: %d %s", n, rc,
                      cnn_error_message());
        cnn_explanation_free(explanation);
    }
    cnn_image_free(seen);
    cnn_model_free(model);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_explanation(void)
{
    Suite *suite = suite_create("explanation");
    TCase *tests = tcase_create("explanation");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, default_layer_is_the_last_with_a_map);
    tcase_add_test(tests, layers_and_classes_refused);
    tcase_add_test(tests, values_that_overflow);
    tcase_add_test(tests, negative_weights_give_an_empty_map);
    tcase_add_test(tests, model_is_not_changed);
    tcase_add_test(tests, any_number_of_threads);
    tcase_add_test(tests, threads_share_a_model);
    tcase_add_test(tests, drawing);
    tcase_add_test(tests, drawing_faults);
    tcase_add_test(tests, outlives_its_model);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

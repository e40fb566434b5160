/* SPDX-License-Identifier: MIT
 *
 * The feature maps of inner layers, compared with the double-precision evaluator. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/double_net.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"

enum { PIXELS = EVERY_LAYER_HEIGHT * EVERY_LAYER_WIDTH };

static cnn_context_t *context;
static cnn_model_t *model;
static cnn_image_t *photo;

static cnn_model_t *make_model(cnn_context_t *owner)
{
    const cnn_preprocess_t preprocess = {
        .struct_size = sizeof preprocess, .mean = {0.5f, 0.25f, 0}, .std = {0.5f, 1, 2}};

    return every_layer_model(owner, &preprocess);
}

/* A photo of the network's input size, so that the resize changes nothing. */
static cnn_image_t *make_photo(cnn_context_t *owner)
{
    uint8_t rgb[PIXELS * 3];
    cnn_image_t *made;

    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i * 2654435761u >> 13);
    ck_assert_int_eq(cnn_image_create(owner, rgb, EVERY_LAYER_HEIGHT, EVERY_LAYER_WIDTH, 0, &made),
                     CNN_OK);
    return made;
}

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3};

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    model = make_model(context);
    photo = make_photo(context);
}

static void teardown(void)
{
    cnn_image_free(photo);
    cnn_model_free(model);
    cnn_context_free(context);
}

/* The network up to a layer, in double precision. */
static double *expected_values(size_t layer, const float *x, size_t n)
{
    double *weights = malloc(model->graph->trainable_size * sizeof *weights);
    double *y = malloc(n * sizeof *y);
    cnn_graph_t head = *model->graph;

    head.n_nodes = layer + 1;
    for (size_t i = 0; i < model->graph->trainable_size; i++)
        weights[i] = (double)model->weights[i];
    double_net_run(&head, weights, model->statistics, x, 1, 0, 0, 0, y);
    free(weights);
    return y;
}

START_TEST(values_of_every_layer)
{
    float x[PIXELS * 3];

    for (size_t i = 0; i < PIXELS * 3; i++)
        x[i] = ((float)cnn_image_pixels(photo)[i] / 255 - model->preprocess.mean[i % 3]) /
               model->preprocess.std[i % 3];
    for (size_t layer = 0; layer < model->graph->n_nodes; layer++) {
        const struct cd_node *node = &model->graph->nodes[layer];
        const size_t n = cd_shape_size(node->shape);
        float *values = malloc((n + 1) * sizeof *values);
        double *expected = expected_values(layer, x, n);
        values[n] = 123;
        ck_assert_int_eq(cnn_model_layer_output(model, photo, node->name, n, values), CNN_OK);
        for (size_t i = 0; i < n; i++)
            ck_assert_msg(values[i] - expected[i] < 2e-5 && expected[i] - values[i] < 2e-5,
                          "%s[%zu]: %g instead of %g", node->name, i, values[i], expected[i]);
        ck_assert(values[n] == 123);
        free(expected);
        free(values);
    }
}
END_TEST

static void refused(cnn_status_t got, cnn_status_t expected, const char *says)
{
    ck_assert_int_eq(got, expected);
    ck_assert_str_eq(cnn_error_message(), says);
}

START_TEST(faults)
{
    float values[3] = {0};
    cnn_model_t *bare;
    cnn_graph_t *graph;
    cnn_node_t node;

    refused(cnn_model_layer_output(NULL, photo, "output", 3, values), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: model is NULL");
    refused(cnn_model_layer_output(model, NULL, "output", 3, values), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: photo is NULL");
    refused(cnn_model_layer_output(model, photo, NULL, 3, values), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: layer is NULL");
    refused(cnn_model_layer_output(model, photo, "output", 3, NULL), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: values is NULL");
    refused(cnn_model_layer_output(model, photo, "outputs", 3, values), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: there is no layer \"outputs\"");
    refused(cnn_model_layer_output(model, photo, "output", 2, values), CNN_ERROR_ARGUMENT,
            "cnn_model_layer_output: \"output\" has 3 values, not 2");
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 2, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &bare), CNN_OK);
    refused(cnn_model_layer_output(bare, photo, "input", 2, values), CNN_ERROR_SHAPE,
            "cnn_model_layer_output: this model does not see photos");
    cnn_model_free(bare);
    cnn_graph_free(graph);
}
END_TEST

START_TEST(without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_model_t *made = make_model(own);
    cnn_image_t *seen = make_photo(own);
    float values[EVERY_LAYER_CLASSES];
    int failed = 1;

    for (size_t n = 1; failed; n++) {
        failing_allocator_set(&allocator, n);
        const cnn_status_t rc =
            cnn_model_layer_output(made, seen, "output", EVERY_LAYER_CLASSES, values);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
    }
    cnn_image_free(seen);
    cnn_model_free(made);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_layer_values(void)
{
    Suite *suite = suite_create("layer_values");
    TCase *tests = tcase_create("layer_values");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, values_of_every_layer);
    tcase_add_test(tests, faults);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

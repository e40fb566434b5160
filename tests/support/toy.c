/* SPDX-License-Identifier: MIT */
#include "support/toy.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "model/model.h"
#include "train/history.h"
#include "support/from_pixels.h"

static const char *const names[] = {"left", "right", "top"};

cnn_context_t *toy_context(uint32_t threads)
{
    const cnn_context_options_t options = {sizeof options, .threads = threads, .seed = 99};
    cnn_context_t *context;

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    return context;
}

static void draw(uint8_t *rgb, size_t label, uint64_t key)
{
    for (size_t i = 0; i < TOY_PIXELS; i++) {
        const size_t row = i / (TOY_WIDTH * 3), column = i / 3 % TOY_WIDTH;
        const int bright = label == 0   ? column < TOY_WIDTH / 2
                           : label == 1 ? column >= TOY_WIDTH / 2
                                        : row < TOY_HEIGHT / 2;
        rgb[i] = (uint8_t)((bright ? 90 : 40) + cd_random_bits(key, i) % 100);
    }
}

static cnn_dataset_t *make_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed,
                                size_t shift)
{
    uint8_t *pixels = malloc(n * TOY_PIXELS);
    uint32_t *labels = malloc(n * sizeof *labels);
    cnn_dataset_t *data;

    ck_assert(pixels && labels);
    for (size_t i = 0; i < n; i++) {
        draw(pixels + i * TOY_PIXELS, i % classes, cd_random_mix(seed * 1000003 + i));
        labels[i] = (uint32_t)((i + shift) % classes);
    }
    ck_assert_int_eq(from_pixels(context, pixels, labels, n, TOY_HEIGHT, TOY_WIDTH,
                                             names, classes, &data),
                     CNN_OK);
    free(pixels);
    free(labels);
    return data;
}

cnn_dataset_t *toy_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed)
{
    return make_data(context, n, classes, seed, 0);
}

cnn_dataset_t *toy_wrong_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed)
{
    return make_data(context, n, classes, seed, 1);
}

static cnn_graph_t *make_graph(cnn_context_t *context, enum toy_net net, size_t classes)
{
    const cnn_conv2d_options_t conv = {sizeof conv, .filters = 4,
                                       .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t dense = {sizeof dense, .units = 9,
                                       .activation = CNN_ACTIVATION_RELU};
    const cnn_dense_options_t last = {
        sizeof last, .units = classes == 2 ? 1 : (uint32_t)classes,
        .activation = classes == 2 ? CNN_ACTIVATION_SIGMOID : CNN_ACTIVATION_SOFTMAX};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, TOY_HEIGHT, TOY_WIDTH, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    if (net == TOY_FULL)
        ck_assert_int_eq(cnn_graph_add_batch_norm(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_max_pool2d(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    if (net == TOY_FULL)
        ck_assert_int_eq(cnn_graph_add_dropout(graph, node, 0.25f, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &last, &node), CNN_OK);
    return graph;
}

cnn_model_t *toy_model(cnn_context_t *context, enum toy_net net, size_t classes, uint64_t seed)
{
    const cnn_model_options_t options = {sizeof options, .classes = names, .n_classes = classes,
                                         .seed = seed};
    cnn_graph_t *graph = make_graph(context, net, classes);
    cnn_model_t *model;

    ck_assert_int_eq(cnn_model_create(graph, &options, &model), CNN_OK);
    cnn_graph_free(graph);
    return model;
}

int toy_same_weights(const cnn_model_t *a, const cnn_model_t *b)
{
    const size_t weights = a->graph->trainable_size, statistics = a->graph->statistics_size;
    return weights == b->graph->trainable_size && statistics == b->graph->statistics_size &&
           memcmp(a->weights, b->weights, weights * sizeof(float)) == 0 &&
           (statistics == 0 ||
            memcmp(a->statistics, b->statistics, statistics * sizeof(float)) == 0);
}

int toy_same_history(const cnn_history_t *a, const cnn_history_t *b)
{
    if (a->count != b->count || a->best_epoch != b->best_epoch)
        return 0;
    for (size_t i = 0; i < a->count; i++) {
        cnn_epoch_t x = a->epochs[i], y = b->epochs[i];
        x.seconds = y.seconds = x.images_per_second = y.images_per_second = 0;
        x.data_wait_seconds = y.data_wait_seconds = 0;
        if (memcmp(&x, &y, sizeof x) != 0)
            return 0;
    }
    return 1;
}

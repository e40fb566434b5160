/* SPDX-License-Identifier: MIT
 *
 * Prints hashes of results that a refactoring must not change. These are the weights of the five
 * presets and of a residual network with every kind of layer, after two epochs, and the
 * probabilities that the built-in model predicts. CATDOG_KERNELS selects the kernel level. The
 * results depend on the level but not on the number of threads.
 *
 *     same_bits [NAME...]     names as printed; default: all */
#include <catdog/catdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/builtin_pictures.h"

enum { SAMPLES = 24, HEIGHT = 94, WIDTH = 125, SMALL_HEIGHT = 33, SMALL_WIDTH = 38 };

static void must(cnn_status_t status)
{
    if (status == CNN_OK)
        return;
    fprintf(stderr, "same_bits: %s\n", cnn_error_message());
    exit(1);
}

/* Returns hash, updated with the bytes by FNV-1a. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
    return hash;
}

static const uint64_t hash_start = UINT64_C(14695981039346656037);

static uint64_t hash_weights(const cnn_model_t *model)
{
    uint64_t hash = hash_start;

    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        cnn_parameter_info_t info = {.struct_size = sizeof info};

        must(cnn_model_parameter(model, i, &info));
        float *values = malloc(info.n_values * sizeof *values);
        if (!values)
            exit(1);
        must(cnn_model_parameter_values(model, info.name, info.n_values, values));
        hash = hash_bytes(hash, values, info.n_values * sizeof *values);
        free(values);
    }
    return hash;
}

static cnn_dataset_t *make_dataset(cnn_context_t *context, size_t height, size_t width)
{
    static uint8_t pixels[SAMPLES * HEIGHT * WIDTH * 3];
    static uint32_t labels[SAMPLES];
    static const char *const classes[] = {"dark", "light"};
    const size_t size = height * width * 3;
    uint32_t state = 1;
    cnn_dataset_t *data;

    for (size_t i = 0; i < SAMPLES * size; i++) {
        state = state * 1664525u + 1013904223u;
        labels[i / size] = (uint32_t)(i / size % 2);
        pixels[i] = (uint8_t)((state >> 24) / 2 + 100 * labels[i / size]);
    }
    const cnn_pixels_t all = {.struct_size = sizeof all,
                              .rgb = pixels,
                              .labels = labels,
                              .n_images = SAMPLES,
                              .height = (uint32_t)height,
                              .width = (uint32_t)width,
                              .classes = classes,
                              .n_classes = 2};
    must(cnn_dataset_create(context, &all, &data));
    return data;
}

/* Trains a model of the graph and returns the hash of its parameters. Frees graph. */
static uint64_t trained_bits(cnn_context_t *context, cnn_graph_t *graph, size_t height,
                             size_t width, cnn_train_options_t training)
{
    const char *const classes[] = {"dark", "light"};
    const cnn_model_options_t options = {
        .struct_size = sizeof options, .classes = classes, .n_classes = 2};
    cnn_dataset_t *data = make_dataset(context, height, width);
    cnn_model_t *model;

    training.struct_size = sizeof training;
    training.epochs = 2;
    training.batch_size = 10;
    must(cnn_model_create(graph, &options, &model));
    must(cnn_model_train(model, data, NULL, &training, NULL));
    const uint64_t hash = hash_weights(model);
    cnn_model_free(model);
    cnn_dataset_free(data);
    cnn_graph_free(graph);
    return hash;
}

static cnn_node_t convolution(cnn_graph_t *graph, cnn_node_t input, uint32_t filters,
                              uint32_t kernel, uint32_t stride, cnn_activation_t activation)
{
    const cnn_conv2d_options_t options = {.struct_size = sizeof options,
                                          .filters = filters,
                                          .kernel_height = kernel,
                                          .kernel_width = kernel,
                                          .stride_height = stride,
                                          .stride_width = stride,
                                          .padding = CNN_PADDING_SAME,
                                          .activation = activation,
                                          .alpha = 0.1f,
                                          .initializer = CNN_INITIALIZER_HE_NORMAL};

    must(cnn_graph_add_conv2d(graph, input, &options, &input));
    return input;
}

/* relu(input + bn(conv(relu(bn(conv(input)))))) */
static cnn_node_t residual_block(cnn_graph_t *graph, cnn_node_t input, uint32_t filters)
{
    cnn_node_t node = convolution(graph, input, filters, 3, 1, CNN_ACTIVATION_NONE);

    must(cnn_graph_add_batch_norm(graph, node, NULL, &node));
    must(cnn_graph_add_activation(graph, node, CNN_ACTIVATION_RELU, 0, NULL, &node));
    node = convolution(graph, node, filters, 3, 1, CNN_ACTIVATION_NONE);
    must(cnn_graph_add_batch_norm(graph, node, NULL, &node));
    must(cnn_graph_add_sum(graph, node, input, NULL, &node));
    must(cnn_graph_add_activation(graph, node, CNN_ACTIVATION_RELU, 0, NULL, &node));
    return node;
}

/* Creates a residual network with every kind of layer. */
static cnn_graph_t *residual_graph(cnn_context_t *context)
{
    const cnn_dense_options_t hidden = {
        .struct_size = sizeof hidden, .units = 19, .activation = CNN_ACTIVATION_LEAKY_RELU};
    const cnn_dense_options_t output = {
        .struct_size = sizeof output, .units = 2, .activation = CNN_ACTIVATION_SOFTMAX};
    const cnn_dense_options_t flat = {.struct_size = sizeof flat, .units = 24};
    cnn_graph_t *graph;
    cnn_node_t node, other;

    must(cnn_graph_create(context, &graph));
    must(cnn_graph_add_input(graph, SMALL_HEIGHT, SMALL_WIDTH, 3, NULL, &node));
    node = convolution(graph, node, 16, 3, 1, CNN_ACTIVATION_RELU);
    must(cnn_graph_add_max_pool2d(graph, node, NULL, &node));
    node = residual_block(graph, node, 16);
    node = convolution(graph, node, 24, 5, 2, CNN_ACTIVATION_LEAKY_RELU);
    node = residual_block(graph, node, 24);
    must(cnn_graph_add_average_pool2d(graph, node, NULL, &node));
    node = convolution(graph, node, 24, 1, 1, CNN_ACTIVATION_SIGMOID);
    must(cnn_graph_add_global_average_pool2d(graph, node, NULL, &other));
    must(cnn_graph_add_flatten(graph, node, NULL, &node));
    must(cnn_graph_add_dropout(graph, node, 0.25f, NULL, &node));
    must(cnn_graph_add_dense(graph, node, &flat, &node));
    must(cnn_graph_add_sum(graph, node, other, NULL, &node));
    must(cnn_graph_add_dense(graph, node, &hidden, &node));
    must(cnn_graph_add_dense(graph, node, &output, &node));
    return graph;
}

static uint64_t preset_bits(cnn_context_t *context, const char *name)
{
    cnn_graph_t *graph;

    must(cnn_graph_create_preset(context, name, HEIGHT, WIDTH, 1, &graph));
    return trained_bits(context, graph, HEIGHT, WIDTH, (cnn_train_options_t){0});
}

static uint64_t residual_bits(cnn_context_t *context, const char *name)
{
    (void)name;
    return trained_bits(context, residual_graph(context), SMALL_HEIGHT, SMALL_WIDTH,
                        (cnn_train_options_t){.loss = CNN_LOSS_CROSS_ENTROPY,
                                              .optimizer = CNN_OPTIMIZER_SGD,
                                              .momentum = 0.9f,
                                              .learning_rate = 0.01f,
                                              .mirror = 1,
                                              .crop_area = 0.5f,
                                              .rotation = 10,
                                              .brightness = 0.2f,
                                              .mixup = 0.2f,
                                              .cutmix = 1,
                                              .erase = 0.2f,
                                              .label_smoothing = 0.1f,
                                              .clip_norm = 1,
                                              .average_decay = 0.9f});
}

static uint64_t builtin_bits(cnn_context_t *context, const char *name)
{
    uint64_t hash = hash_start;
    cnn_model_t *model;
    cnn_session_t *session;

    (void)name;
    must(cnn_model_load_builtin(context, &model));
    must(cnn_session_create(model, NULL, &session));
    for (size_t i = 0; i < BUILTIN_PICTURES; i++) {
        const double answer = builtin_picture_answer(session, i);
        hash = hash_bytes(hash, &answer, sizeof answer);
    }
    cnn_session_free(session);
    cnn_model_free(model);
    return hash;
}

static const struct {
    const char *name;
    uint64_t (*bits)(cnn_context_t *context, const char *name);
} results[] = {
    {"mlp", preset_bits},        {"conv24", preset_bits},     {"conv48x2", preset_bits},
    {"conv128x2", preset_bits},  {"conv64-128", preset_bits}, {"residual", residual_bits},
    {"built-in", builtin_bits},
};

static int is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return 1;
    return argc < 2;
}

int main(int argc, char **argv)
{
    cnn_context_t *context;

    must(cnn_context_create(NULL, &context));
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (is_wanted(results[i].name, argc, argv))
            printf("%-10s %016llx\n", results[i].name,
                   (unsigned long long)results[i].bits(context, results[i].name));
    cnn_context_free(context);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#include "graph/preset.h"

#include <string.h>

#include "graph/class_outputs.h"
#include "graph/graph_build.h"

enum { MAX_LAYERS = 2 };

/* A preset: the filters of its convolutions, then the units of its dense layers; 0 = no layer.
 * Every convolution is 3 x 3 with valid padding and ReLU, and a 2 x 2 max pooling follows it. The
 * dense layers have ReLU. The output layer is not listed. */
struct preset {
    cnn_preset_info_t info;
    uint32_t convolutions[MAX_LAYERS];
    uint32_t dense[MAX_LAYERS];
};

/* The training settings of a preset. The learning rates were selected on a validation set. mean and
 * std normalise inputs to about -2 .. 2, which trains better than 0 .. 1. */
#define PRESET(preset_name, batch, rate, n_epochs)                                                 \
    .info = {.struct_size = sizeof(cnn_preset_info_t),                                             \
             .name = preset_name,                                                                  \
             .batch_size = batch,                                                                  \
             .epochs = n_epochs,                                                                   \
             .learning_rate = rate,                                                                \
             .schedule = CNN_SCHEDULE_COSINE,                                                      \
             .warmup_epochs = 1,                                                                   \
             .mirror = 1,                                                                          \
             .mean = 0.5f,                                                                         \
             .std = 0.25f}

static const struct preset presets[] = {
    {PRESET("mlp", 32, 2e-5f, 6), .convolutions = {0}, .dense = {512}},
    {PRESET("conv24", 32, 2e-4f, 6), .convolutions = {24}, .dense = {128, 128}},
    {PRESET("conv48x2", 64, 3e-4f, 6), .convolutions = {48, 48}, .dense = {256, 256}},
    {PRESET("conv128x2", 64, 3e-4f, 6), .convolutions = {128, 128}, .dense = {256, 256}},
    {PRESET("conv64-128", 64, 3e-4f, 8), .convolutions = {64, 128}, .dense = {512, 512}},
};

size_t cd_preset_count(void)
{
    return sizeof presets / sizeof *presets;
}

const cnn_preset_info_t *cd_preset_at(size_t index)
{
    return index < cd_preset_count() ? &presets[index].info : NULL;
}

static const struct preset *find(const char *name)
{
    for (size_t i = 0; i < cd_preset_count(); i++)
        if (strcmp(presets[i].info.name, name) == 0)
            return &presets[i];
    return NULL;
}

const cnn_preset_info_t *cd_preset_find(const char *name)
{
    const struct preset *preset = find(name);
    return preset ? &preset->info : NULL;
}

static cnn_status_t add_convolution(cnn_graph_t *graph, uint32_t filters, cnn_node_t *node)
{
    const cnn_conv2d_options_t convolution = {.filters = filters,
                                              .kernel_height = 3,
                                              .kernel_width = 3,
                                              .stride_height = 1,
                                              .stride_width = 1,
                                              .activation = CNN_ACTIVATION_RELU};
    const cnn_pool2d_options_t pool = {
        .pool_height = 2, .pool_width = 2, .stride_height = 2, .stride_width = 2};

    CD_TRY(cd_graph_add_conv2d(graph, *node, &convolution, node));
    return cd_graph_add_pool2d(graph, CD_NODE_MAX_POOL2D, *node, &pool, node);
}

static cnn_status_t add_dense(cnn_graph_t *graph, uint32_t units, cnn_activation_t activation,
                              cnn_node_t *node)
{
    const cnn_dense_options_t dense = {.units = units, .activation = activation};
    return cd_graph_add_dense(graph, *node, &dense, node);
}

static cnn_status_t add_layers(cnn_graph_t *graph, const struct preset *preset,
                               struct cd_shape shape, uint32_t outputs)
{
    cnn_node_t node;

    CD_TRY(cd_graph_add_input(graph, NULL, shape, &node));
    for (size_t i = 0; i < MAX_LAYERS && preset->convolutions[i] > 0; i++)
        CD_TRY(add_convolution(graph, preset->convolutions[i], &node));
    CD_TRY(cd_graph_add_plain(graph, CD_NODE_FLATTEN, &node, NULL, &node));
    for (size_t i = 0; i < MAX_LAYERS && preset->dense[i] > 0; i++)
        CD_TRY(add_dense(graph, preset->dense[i], CNN_ACTIVATION_RELU, &node));
    return add_dense(graph, outputs, cd_class_activation(outputs), &node);
}

cnn_status_t cd_preset_graph(cnn_context_t *context, const char *name, uint32_t height,
                             uint32_t width, uint32_t outputs, cnn_graph_t **out)
{
    const struct preset *preset = find(name);
    const struct cd_shape shape = {height, width, 3};
    cnn_status_t rc;

    *out = NULL;
    if (!preset)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "there is no preset \"%.80s\"; known are %s, %s, %s, %s, %s", name,
                        presets[0].info.name, presets[1].info.name, presets[2].info.name,
                        presets[3].info.name, presets[4].info.name);
    CD_TRY(cd_graph_create(context, out));
    rc = add_layers(*out, preset, shape, outputs);
    if (rc != CNN_OK) {
        cd_graph_free(*out);
        *out = NULL;
        return rc;
    }
    strcpy((*out)->preset, preset->info.name);
    return CNN_OK;
}

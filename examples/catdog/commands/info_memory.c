/* SPDX-License-Identifier: MIT */
#include "commands/info.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/tool.h"

/* An amount of memory, with its key in JSON and its label in the table. */
struct amount {
    const char *name, *label;
    uint64_t bytes;
};

enum { TOTALS = 9, COLUMNS = 6 };

static void list_totals(const cnn_memory_info_t *info, struct amount totals[TOTALS])
{
    const struct amount list[TOTALS] = {
        {"weights", "weights", info->weights},
        {"best_weights", "weights of the best epoch", info->best_weights},
        {"average_weights", "average of the weights", info->average_weights},
        {"optimizer", "optimizer", info->optimizer},
        {"gradients", "gradients of weights", info->gradients},
        {"images", "images", info->images},
        {"arena", "layers, sharing memory", info->arena},
        {"total", "total", info->total},
        {"unshared", "layers, without sharing", info->unshared},
    };
    for (size_t i = 0; i < TOTALS; i++)
        totals[i] = list[i];
}

static void list_columns(const cnn_layer_memory_t *layer, struct amount columns[COLUMNS])
{
    const struct amount list[COLUMNS] = {
        {"weights", "weights", layer->weights},    {"output", "output", layer->output},
        {"gradient", "gradient", layer->gradient}, {"kept", "kept", layer->kept},
        {"scratch", "scratch", layer->scratch},    {"prepared", "prepared", layer->prepared},
    };
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = list[i];
}

/* ---- text ---- */

static void print_mib(int width, uint64_t bytes)
{
    if (bytes)
        printf("  %*.2f", width, (double)bytes / (1 << 20));
    else
        printf("  %*s", width, "-");
}

static void print_layers(const cnn_memory_t *memory, size_t n)
{
    cnn_layer_memory_t layer = CNN_INIT(cnn_layer_memory_t);
    struct amount columns[COLUMNS];

    list_columns(&layer, columns);
    printf("%-20s  %-9s", "layer", "algorithm");
    for (size_t c = 0; c < COLUMNS; c++)
        printf("  %9s", columns[c].label);
    putchar('\n');
    for (size_t i = 0; i < n; i++) {
        if (cnn_memory_layer(memory, i, &layer) != CNN_OK)
            continue;
        list_columns(&layer, columns);
        printf("%-20s  %-9s", layer.name, layer.algorithm);
        for (size_t c = 0; c < COLUMNS; c++)
            print_mib(9, columns[c].bytes);
        putchar('\n');
    }
}

static void print_totals(const cnn_memory_info_t *info)
{
    struct amount totals[TOTALS];

    list_totals(info, totals);
    for (size_t i = 0; i < TOTALS; i++) {
        printf("%-28s", totals[i].label);
        print_mib(9, totals[i].bytes);
        putchar('\n');
    }
}

int info_print_memory(const cnn_graph_t *graph, const cnn_memory_options_t *options)
{
    cnn_memory_info_t info = CNN_INIT(cnn_memory_info_t);
    cnn_memory_t *memory = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_memory_create(graph, options, &memory));
    TOOL_TRY(rc, cnn_memory_info(memory, &info));
    printf("MiB for %s, batches of %u\n\n", info.training ? "training" : "prediction",
           (unsigned)info.batch_size);
    print_layers(memory, cnn_graph_layer_count(graph));
    putchar('\n');
    print_totals(&info);
done:
    cnn_memory_free(memory);
    return rc;
}

/* ---- JSON ---- */

static void add_amounts(json_t *object, const struct amount *amounts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_object_set_new(object, amounts[i].name, json_integer((json_int_t)amounts[i].bytes));
}

static json_t *layer_json(const cnn_layer_memory_t *layer)
{
    struct amount columns[COLUMNS];
    json_t *object = json_pack("{s:s}", "name", layer->name);

    list_columns(layer, columns);
    if (*layer->algorithm)
        json_object_set_new(object, "algorithm", json_string(layer->algorithm));
    add_amounts(object, columns, COLUMNS);
    return object;
}

static json_t *layers_json(const cnn_memory_t *memory, size_t n)
{
    cnn_layer_memory_t layer = CNN_INIT(cnn_layer_memory_t);
    json_t *layers = json_array();

    for (size_t i = 0; i < n; i++)
        if (cnn_memory_layer(memory, i, &layer) == CNN_OK)
            json_array_append_new(layers, layer_json(&layer));
    return layers;
}

json_t *info_memory_json(const cnn_graph_t *graph, const cnn_memory_options_t *options)
{
    cnn_memory_info_t info = CNN_INIT(cnn_memory_info_t);
    struct amount totals[TOTALS];
    cnn_memory_t *memory;
    const cnn_status_t status = cnn_memory_create(graph, options, &memory);

    if (status != CNN_OK || cnn_memory_info(memory, &info) != CNN_OK) {
        tool_failed(status);
        return NULL;
    }
    json_t *object = json_pack("{s:I, s:b}", "batch_size", (json_int_t)info.batch_size, "training",
                               info.training);
    list_totals(&info, totals);
    add_amounts(object, totals, TOTALS);
    json_object_set_new(object, "layers", layers_json(memory, cnn_graph_layer_count(graph)));
    cnn_memory_free(memory);
    return object;
}

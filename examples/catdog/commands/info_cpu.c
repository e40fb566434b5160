/* SPDX-License-Identifier: MIT */
#include "commands/info.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/tool.h"

/* The memory requirements of a network for prediction and for training. They also name the
 * algorithms that its convolutions use. */
struct algorithms {
    cnn_memory_t *predicting, *training;
};

static void algorithms_free(struct algorithms *algorithms)
{
    cnn_memory_free(algorithms->predicting);
    cnn_memory_free(algorithms->training);
}

static int algorithms_open(const cnn_graph_t *graph, struct algorithms *algorithms)
{
    const cnn_train_options_t training = CNN_INIT(cnn_train_options_t);
    cnn_memory_options_t options = CNN_INIT(cnn_memory_options_t);
    int rc = EXIT_SUCCESS;

    *algorithms = (struct algorithms){NULL, NULL};
    TOOL_TRY(rc, cnn_memory_create(graph, &options, &algorithms->predicting));
    options.training = &training;
    TOOL_TRY(rc, cnn_memory_create(graph, &options, &algorithms->training));
    return rc;
done:
    algorithms_free(algorithms);
    return rc;
}

/* Finds the algorithms of a layer. Returns 1, or 0 if the layer is not a convolution. */
static int algorithms_find(const struct algorithms *algorithms, size_t index,
                           cnn_layer_memory_t *predicting, cnn_layer_memory_t *training)
{
    predicting->struct_size = training->struct_size = sizeof *training;
    return cnn_memory_layer(algorithms->predicting, index, predicting) == CNN_OK &&
           cnn_memory_layer(algorithms->training, index, training) == CNN_OK &&
           *training->algorithm;
}

static const char *chosen_by(const cnn_context_t *context)
{
    switch (cnn_context_kernels_source(context)) {
    case CNN_KERNELS_SOURCE_OPTION:
        return "option";
    case CNN_KERNELS_SOURCE_ENVIRONMENT:
        return "environment";
    default:
        return "cpu";
    }
}

/* ---- text ---- */

static int print_algorithms(const cnn_graph_t *graph)
{
    struct algorithms algorithms;
    cnn_layer_memory_t predicting, training;
    const int rc = algorithms_open(graph, &algorithms);

    if (rc != EXIT_SUCCESS)
        return rc;
    printf("\n%-20s  %-12s  %s\n", "convolution", "predicting", "training");
    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++)
        if (algorithms_find(&algorithms, i, &predicting, &training))
            printf("%-20s  %-12s  %s\n", training.name, predicting.algorithm, training.algorithm);
    algorithms_free(&algorithms);
    return rc;
}

static void print_kernels(const cnn_context_t *context)
{
    cnn_kernels_info_t info = CNN_INIT(cnn_kernels_info_t);
    const char *chosen = cnn_context_kernels(context), *by = chosen_by(context);

    printf("kernels:      %s (%s)\n", chosen,
           strcmp(by, "cpu") == 0           ? "the best that run here"
           : strcmp(by, "environment") == 0 ? "chosen by CATDOG_KERNELS"
                                            : "chosen by the program");
    for (size_t i = 0; i < cnn_kernels_count(); i++)
        if (cnn_kernels_info(i, &info) == CNN_OK)
            printf("  %-10s  %s\n", info.name,
                   info.runs_here ? "runs here"
                                  : "needs instructions or a library that this machine lacks");
}

int info_print_cpu(cnn_context_t *context, const cnn_graph_t *graph)
{
    cnn_cpu_info_t cpu = CNN_INIT(cnn_cpu_info_t);
    const cnn_status_t status = cnn_cpu_info(&cpu);

    if (status != CNN_OK)
        return tool_failed(status);
    printf("CPU:          %s\n", *cpu.name ? cpu.name : "unknown");
    printf("instructions: %s\n", cpu.features);
    printf("threads:      %u; CPUs to use: %u\n", (unsigned)cnn_context_threads(context),
           (unsigned)cpu.threads);
    print_kernels(context);
    return graph ? print_algorithms(graph) : EXIT_SUCCESS;
}

/* ---- JSON ---- */

static json_t *algorithms_json(const cnn_graph_t *graph)
{
    struct algorithms algorithms;
    cnn_layer_memory_t predicting, training;
    json_t *array = json_array();

    if (algorithms_open(graph, &algorithms) != EXIT_SUCCESS) {
        json_decref(array);
        return NULL;
    }
    for (size_t i = 0; i < cnn_graph_layer_count(graph); i++)
        if (algorithms_find(&algorithms, i, &predicting, &training))
            json_array_append_new(array,
                                  json_pack("{s:s, s:s, s:s}", "layer", training.name, "predicting",
                                            predicting.algorithm, "training", training.algorithm));
    algorithms_free(&algorithms);
    return array;
}

static json_t *kernels_json(void)
{
    cnn_kernels_info_t info = CNN_INIT(cnn_kernels_info_t);
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_kernels_count(); i++)
        if (cnn_kernels_info(i, &info) == CNN_OK)
            json_array_append_new(
                array, json_pack("{s:s, s:b}", "name", info.name, "runs_here", info.runs_here));
    return array;
}

json_t *info_cpu_json(cnn_context_t *context, const cnn_graph_t *graph)
{
    cnn_cpu_info_t cpu = CNN_INIT(cnn_cpu_info_t);
    const cnn_status_t status = cnn_cpu_info(&cpu);

    if (status != CNN_OK) {
        tool_failed(status);
        return NULL;
    }
    return json_pack("{s:o, s:s, s:I, s:I, s:s, s:s, s:o, s:o}", "name",
                     *cpu.name ? json_text(cpu.name) : json_null(), "features", cpu.features,
                     "cpus", (json_int_t)cpu.threads, "threads",
                     (json_int_t)cnn_context_threads(context), "kernels",
                     cnn_context_kernels(context), "chosen_by", chosen_by(context), "available",
                     kernels_json(), "convolutions", graph ? algorithms_json(graph) : json_null());
}

/* SPDX-License-Identifier: MIT
 *
 * catdog bench: how fast networks train and predict here. */
#include "commands/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"
#include "training/training.h"

enum { MAX_NETWORKS = 64 };

struct bench {
    uint32_t size[2]; /* of a preset's input: height, width */
    uint32_t threads;
    cnn_profile_options_t options;
    int json;
};

static int print_profile(const struct bench *bench, struct bench_result *result)
{
    int rc = EXIT_SUCCESS;

    result->summary.struct_size = sizeof result->summary;
    TOOL_TRY(rc, cnn_profile_summary(result->profile, &result->summary));
    if (bench->json)
        rc = bench_print_json(result);
    else
        bench_print_table(result);
    fflush(stdout); /* the next one takes its time */
done:
    return rc;
}

/* result: without a profile yet. */
static int measure(const struct tool *tool, const struct bench *bench, const cnn_graph_t *graph,
                   uint32_t batch, struct bench_result *result)
{
    cnn_profile_options_t options = bench->options;
    cnn_profile_t *profile = NULL;
    int rc = EXIT_SUCCESS;

    if (!options.batch_size)
        options.batch_size = batch;
    options.cancel = tool->cancel;
    TOOL_TRY(rc, cnn_profile_create(graph, &options, &profile));
    result->profile = profile;
    result->tuned = options.tune;
    rc = print_profile(bench, result);
done:
    cnn_profile_free(profile);
    return rc;
}

static int measure_preset(const struct tool *tool, const struct bench *bench,
                          const cnn_preset_info_t *preset)
{
    struct bench_result result = {.preset = preset->name};
    cnn_graph_t *graph = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_graph_create_preset(tool->context, preset->name, bench->size[0],
                                         bench->size[1], 1, &graph));
    rc = measure(tool, bench, graph, preset->batch_size, &result);
done:
    cnn_graph_free(graph);
    return rc;
}

static int measure_model(const struct tool *tool, const struct bench *bench, const char *path)
{
    struct bench_result result = {.model = path};
    cnn_model_t *model = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, tool_load_model(tool, path, &model));
    rc = measure(tool, bench, cnn_model_graph(model), 0, &result);
done:
    cnn_model_free(model);
    return rc;
}

/* The preset of that name; one with a batch size of 0 if there is none. */
static cnn_preset_info_t find_preset(const char *name)
{
    cnn_preset_info_t preset = {.struct_size = sizeof preset};

    for (size_t i = 0; i < cnn_preset_count(); i++)
        if (cnn_preset_info(i, &preset) == CNN_OK && strcmp(preset.name, name) == 0)
            return preset;
    preset.batch_size = 0;
    return preset;
}

static void part_from_last(const struct bench *bench, size_t i)
{
    if (i > 0 && !bench->json)
        putchar('\n');
}

static int measure_named(const struct tool *tool, const struct bench *bench, char **names, size_t n)
{
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < n && rc == EXIT_SUCCESS; i++) {
        const cnn_preset_info_t preset = find_preset(names[i]);
        part_from_last(bench, i);
        rc = preset.batch_size ? measure_preset(tool, bench, &preset)
                               : measure_model(tool, bench, names[i]);
    }
    return rc;
}

static int measure_all(const struct tool *tool, const struct bench *bench)
{
    cnn_preset_info_t preset = {.struct_size = sizeof preset};
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < cnn_preset_count() && rc == EXIT_SUCCESS; i++) {
        part_from_last(bench, i);
        if (cnn_preset_info(i, &preset) == CNN_OK)
            rc = measure_preset(tool, bench, &preset);
    }
    return rc;
}

/* A name that is neither a preset nor a model is a mistake in typing. */
static int check_names(const struct command *command, char **names, size_t n)
{
    char known[128];

    for (size_t i = 0; i < n; i++) {
        if (training_knows_preset(names[i], known, sizeof known) || tool_is_builtin(names[i]))
            continue;
        FILE *file = fopen(names[i], "rb");
        if (!file)
            return args_error(command, "\"%s\" is neither a file nor one of %s", names[i], known);
        fclose(file);
    }
    return ARGS_GO_ON;
}

int command_bench(int argc, char **argv)
{
    struct bench bench = {.size = {94, 125}, .options = {.struct_size = sizeof bench.options}};
    struct tool tool;
    const struct option options[] = {
        ARG_NUMBER("batch", OPTION_U32, &bench.options.batch_size, "N",
                   "pictures at a time; default: the preset's own, for a model 64", 1, 65536),
        ARG_NUMBER("size", OPTION_SHAPE, bench.size, "HxW",
                   "what presets see, height x width; default 94x125", 1, 65535),
        ARG_THREADS(&bench.threads),
        ARG_NUMBER("runs", OPTION_U32, &bench.options.runs, "N",
                   "timed runs of each kind; default: as many as a second takes, at least 5", 1,
                   1000),
        ARG_FLAG("inference", &bench.options.inference, "prediction only"),
        ARG_FLAG("tune", &bench.options.tune,
                 "time each algorithm that could do a convolution, beside the cost model"),
        ARG_FLAG("json", &bench.json, "print a line of JSON for each network and nothing else"),
        ARG_END,
    };
    const struct command command = {
        .name = "bench",
        .synopsis = "[PRESET|MODEL|builtin...] [options]",
        .about =
            "Measures how fast networks train and predict here, with fresh weights on random\n"
            "pictures: a whole step, and each layer's passes beside what the threads can do at "
            "most\n"
            "(multiply-adds on registers; reading memory). Times are medians. GFLOP/s count a\n"
            "convolution's multiply-adds as direct convolution has them: Winograd's does with "
            "fewer\n"
            "and can be above the most. Default: all presets.",
        .options = options,
        .max_files = MAX_NETWORKS,
    };
    size_t n_names;

    int rc = args_parse(&command, argc, argv, &n_names);
    if (rc == ARGS_GO_ON)
        rc = check_names(&command, argv, n_names);
    if (rc != ARGS_GO_ON)
        return rc;
    if ((rc = tool_open(&tool, bench.threads, 0)) != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    rc = n_names ? measure_named(&tool, &bench, argv, n_names) : measure_all(&tool, &bench);
    tool_close(&tool);
    return rc;
}

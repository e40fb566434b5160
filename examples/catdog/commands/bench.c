/* SPDX-License-Identifier: MIT
 *
 * catdog bench: measures the speed of training and prediction. */
#include "commands/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/presets.h"
#include "base/tool.h"
#include "commands.h"

enum { MAX_NETWORKS = 64 };

static struct {
    uint32_t size[2]; /* height and width of the input, for presets */
    uint32_t threads;
    cnn_profile_options_t options;
    int json;
} o = {.size = {94, 125}, .options = CNN_INIT(cnn_profile_options_t)};

static int print_profile(struct bench_result *result)
{
    int rc = EXIT_SUCCESS;

    result->summary.struct_size = sizeof result->summary;
    TOOL_TRY(rc, cnn_profile_summary(result->profile, &result->summary));
    if (o.json)
        rc = bench_print_json(result);
    else
        bench_print_table(result);
    fflush(stdout); /* show the results now, because measuring the next network takes long */
done:
    return rc;
}

/* Profiles the graph and prints the result. batch: the default batch size; result: has the name of
 * the network, the other fields are filled in. Returns the exit status. */
static int measure(const struct tool *tool, const cnn_graph_t *graph, uint32_t batch,
                   struct bench_result *result)
{
    cnn_profile_options_t options = o.options;
    cnn_profile_t *profile = NULL;
    int rc = EXIT_SUCCESS;

    if (!options.batch_size)
        options.batch_size = batch;
    options.cancel = tool->cancel;
    TOOL_TRY(rc, cnn_profile_create(graph, &options, &profile));
    result->profile = profile;
    result->tuned = options.tune;
    rc = print_profile(result);
done:
    cnn_profile_free(profile);
    return rc;
}

static int measure_preset(const struct tool *tool, const cnn_preset_info_t *preset)
{
    struct bench_result result = {.preset = preset->name};
    cnn_graph_t *graph = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc,
             cnn_graph_create_preset(tool->context, preset->name, o.size[0], o.size[1], 1, &graph));
    rc = measure(tool, graph, preset->batch_size, &result);
done:
    cnn_graph_free(graph);
    return rc;
}

static int measure_model(const struct tool *tool, const char *path)
{
    struct bench_result result = {.model = path};
    cnn_model_t *model = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, tool_load_model(tool, path, &model));
    rc = measure(tool, cnn_model_graph(model), 0, &result);
done:
    cnn_model_free(model);
    return rc;
}

static void print_gap(size_t i)
{
    if (i > 0 && !o.json)
        putchar('\n');
}

static int measure_named(const struct tool *tool, char **names, size_t n)
{
    cnn_preset_info_t preset;
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < n && rc == EXIT_SUCCESS; i++) {
        print_gap(i);
        rc = preset_find(names[i], &preset) ? measure_preset(tool, &preset)
                                            : measure_model(tool, names[i]);
    }
    return rc;
}

static int measure_all(const struct tool *tool)
{
    cnn_preset_info_t preset = CNN_INIT(cnn_preset_info_t);
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < cnn_preset_count() && rc == EXIT_SUCCESS; i++) {
        print_gap(i);
        if (cnn_preset_info(i, &preset) == CNN_OK)
            rc = measure_preset(tool, &preset);
    }
    return rc;
}

/* Checks that every name is the name of a preset or an existing model file. Runs before the first
 * measurement. Returns EXIT_SUCCESS or an exit status. */
static int check_names(char **names, size_t n)
{
    cnn_preset_info_t preset;
    char known[256];

    for (size_t i = 0; i < n; i++) {
        if (preset_find(names[i], &preset) || tool_is_builtin(names[i]))
            continue;
        FILE *file = fopen(names[i], "rb");
        if (!file) {
            preset_names(known, sizeof known);
            return command_usage(&command_bench, "\"%s\" is neither a file nor one of %s", names[i],
                                 known);
        }
        fclose(file);
    }
    return EXIT_SUCCESS;
}

static int bench(char **names, size_t n)
{
    struct tool tool;
    int rc = check_names(names, n);

    if (rc != EXIT_SUCCESS || (rc = tool_open(&tool, o.threads, 0)) != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    rc = n ? measure_named(&tool, names, n) : measure_all(&tool);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_NUMBER("batch-size", OPTION_U32, &o.options.batch_size, "N",
               "The batch size. Default: the preset's; 64 for a model.", 1, 65536),
    ARG_NUMBER("size", OPTION_SHAPE, o.size, "HxW",
               "The input size of presets, height x width. Default: 94x125.", 1, 65535),
    ARG_THREADS(&o.threads),
    ARG_NUMBER("runs", OPTION_U32, &o.options.runs, "N",
               "The number of timed runs of each kind. Default: as many as fit in a second, at "
               "least 5.",
               1, 1000),
    ARG_FLAG("inference", &o.options.predict_only, "Measure predictions only."),
    ARG_FLAG("tune", &o.options.tune,
             "Also time every algorithm that a convolution could use, beside its cost model."),
    ARG_FLAG("json", &o.json, "Print one line of JSON for each network and nothing else."),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog bench", "Measure all presets."},
    {"catdog bench builtin --inference --threads 1",
     "Measure predictions of the built-in model on one thread."},
    {NULL, NULL},
};

const struct command command_bench = {
    .name = "bench",
    .summary = "measure the speed of training and prediction",
    .synopsis = "[PRESET|MODEL|builtin...] [options]",
    .description =
        "This command measures throughput and latency of networks on this machine, with fresh "
        "weights and random images: whole training steps, batches and single predictions, and each "
        "pass of each layer. Without names it measures all presets. Times are medians."
        "\n\n"
        "Each layer is compared with the peak throughput of all threads, for multiply-adds in "
        "registers and for reading memory. GFLOP/s count the multiply-adds of direct convolution. "
        "Winograd convolution needs fewer and can exceed the peak.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command.",
    .max_files = MAX_NETWORKS,
    .run = bench,
};

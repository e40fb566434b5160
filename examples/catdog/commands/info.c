/* SPDX-License-Identifier: MIT
 *
 * catdog info: prints what a model contains and how this machine runs it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "base/presets.h"
#include "base/tool.h"
#include "commands.h"
#include "commands/info.h"
#include "report/summary.h"

static void print_preprocess(const cnn_preprocess_t *p)
{
    printf("input: %u x %u (height x width), fit %s, decode %s, mean %g %g %g, std %g %g %g\n",
           (unsigned)p->height, (unsigned)p->width, choice_name(tool_fits, (int)p->fit),
           choice_name(tool_decodes, (int)p->decode), (double)p->mean[0], (double)p->mean[1],
           (double)p->mean[2], (double)p->std[0], (double)p->std[1], (double)p->std[2]);
}

static void print_parameters(const cnn_model_t *model)
{
    cnn_parameter_info_t info = CNN_INIT(cnn_parameter_info_t);

    puts("\nparameters:");
    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        if (cnn_model_parameter(model, i, &info) != CNN_OK)
            continue;
        printf("  %-28s %10zu  ", info.name, info.n_values);
        for (uint32_t d = 0; d < info.rank && d < 4; d++)
            printf("%s%zu", d ? " x " : "", info.dims[d]);
        puts(info.trainable ? "" : "  (statistics)");
    }
}

/* Prints the model as text. preprocess: the model's preprocessing, or NULL if the model has no
 * classes and therefore takes no photos. Returns the exit status. */
static int print_text(const cnn_model_t *model, const cnn_preprocess_t *preprocess)
{
    printf("classes:");
    for (size_t i = 0; i < cnn_model_class_count(model); i++)
        printf(" %s", cnn_model_class_name(model, i));
    putchar('\n');
    if (preprocess)
        print_preprocess(preprocess);
    putchar('\n');
    int rc = summary_print(stdout, cnn_model_graph(model));
    print_parameters(model);
    putchar('\n');
    for (size_t i = 0; i < JSON_RECORDS; i++) {
        const char *text = cnn_model_metadata(model, json_records[i]);
        if (text || i == 0)
            printf("%s: %s\n", json_records[i], text ? text : "no record");
    }
    return rc;
}

static json_t *parameters_json(const cnn_model_t *model)
{
    cnn_parameter_info_t info = CNN_INIT(cnn_parameter_info_t);
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        json_t *dims = json_array();
        if (cnn_model_parameter(model, i, &info) == CNN_OK)
            for (uint32_t d = 0; d < info.rank && d < 4; d++)
                json_array_append_new(dims, json_integer((json_int_t)info.dims[d]));
        json_array_append_new(array, json_pack("{s:s, s:o, s:I, s:b}", "name", info.name, "shape",
                                               dims, "count", (json_int_t)info.n_values,
                                               "trainable", info.trainable));
    }
    return array;
}

static int print_json(const cnn_model_t *model, const cnn_preprocess_t *preprocess)
{
    const cnn_graph_t *graph = cnn_model_graph(model);
    json_t *document =
        json_pack("{s:o, s:o, s:o, s:I, s:o}", "classes", json_classes(model), "preprocess",
                  preprocess ? json_preprocess(preprocess) : json_null(), "layers",
                  summary_json(graph), "parameter_count", (json_int_t)summary_parameters(graph),
                  "parameters", parameters_json(model));

    for (size_t i = 0; document && i < JSON_RECORDS; i++)
        json_object_set_new(document, json_records[i], json_record(model, json_records[i]));
    return json_print(document);
}

/* ---- the command ---- */

static struct {
    int json, cpu, memory;
    uint32_t size[2]; /* height and width of the input, for presets */
    uint32_t threads;
    int training;
    cnn_train_options_t train; /* training options that affect the memory */
    cnn_memory_options_t options;
} o = {.size = {94, 125},
       .train = CNN_INIT(cnn_train_options_t),
       .options = CNN_INIT(cnn_memory_options_t)};

/* Prints the model or, if model is NULL, the layers of the graph. Returns the exit status. */
static int print_contents(const cnn_graph_t *graph, const cnn_model_t *model, int json)
{
    cnn_preprocess_t preprocess = CNN_INIT(cnn_preprocess_t);
    const cnn_preprocess_t *seen = NULL;
    int rc = EXIT_SUCCESS;

    if (!model)
        return json
                   ? json_print(json_pack("{s:o, s:I}", "layers", summary_json(graph),
                                          "parameter_count", (json_int_t)summary_parameters(graph)))
                   : summary_print(stdout, graph);
    if (cnn_model_class_count(model) > 0) {
        TOOL_TRY(rc, cnn_model_preprocess(model, &preprocess));
        seen = &preprocess;
    }
    rc = json ? print_json(model, seen) : print_text(model, seen);
done:
    return rc;
}

/* Prints one document with the information that --cpu and --memory ask for. Returns the exit
 * status. */
static int print_machine_json(cnn_context_t *context, const cnn_graph_t *graph)
{
    json_t *document = json_object(), *cpu = NULL, *memory = NULL;

    if ((o.cpu && !(cpu = info_cpu_json(context, graph))) ||
        (o.memory && !(memory = info_memory_json(graph, &o.options)))) {
        json_decref(cpu);
        json_decref(document);
        return EXIT_FAILURE;
    }
    if (cpu)
        json_object_set_new(document, "cpu", cpu);
    if (memory)
        json_object_set_new(document, "memory", memory);
    return json_print(document);
}

static int print_machine(cnn_context_t *context, const cnn_graph_t *graph)
{
    int rc = EXIT_SUCCESS;

    if (o.json)
        return print_machine_json(context, graph);
    if (o.cpu)
        rc = info_print_cpu(context, graph);
    if (o.cpu && o.memory)
        putchar('\n');
    if (rc == EXIT_SUCCESS && o.memory)
        rc = info_print_memory(graph, &o.options);
    return rc;
}

/* Runs the command. name: a preset, a model file, or NULL if neither is given. */
static int info(const char *name)
{
    cnn_preset_info_t preset;
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_graph_t *created = NULL;
    const cnn_graph_t *graph = NULL;
    int rc = tool_open(&tool, o.threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    if (preset_find(name, &preset)) {
        TOOL_TRY(rc,
                 cnn_graph_create_preset(tool.context, name, o.size[0], o.size[1], 1, &created));
        graph = created;
    } else if (name) {
        TOOL_TRY(rc, tool_load_model(&tool, name, &model));
        graph = cnn_model_graph(model);
    }
    rc = o.cpu || o.memory ? print_machine(tool.context, graph)
                           : print_contents(graph, model, o.json);
done:
    cnn_graph_free(created);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_FLAG("cpu", &o.cpu,
             "Print the CPU, the kernels that run on it, the chosen kernels, and the algorithm of "
             "each convolution of the network."),
    ARG_FLAG("memory", &o.memory, "Print the memory that each layer needs for predictions."),
    ARG_FLAG("training", &o.training, "With --memory: for training instead."),
    ARG_VALUE("freeze", OPTION_TEXT, &o.train.freeze, "LAYER",
              "With --training: as catdog train --freeze."),
    ARG_VALUE("optimizer", OPTION_TRAINING, &o.train, "NAME",
              "With --training: as catdog train --optimizer."),
    ARG_VALUE("clip-norm", OPTION_TRAINING, &o.train, "X",
              "With --training: as catdog train --clip-norm."),
    ARG_VALUE("average-decay", OPTION_TRAINING, &o.train, "X",
              "With --training: as catdog train --average-decay."),
    ARG_NUMBER("batch-size", OPTION_U32, &o.options.batch_size, "N",
               "With --memory: the batch size. Default: 32; with --training the preset's.", 1,
               65536),
    ARG_NUMBER("size", OPTION_SHAPE, o.size, "HxW",
               "The input size of a preset, height x width. Default: 94x125.", 1, 65535),
    ARG_THREADS(&o.threads),
    ARG_JSON(&o.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog info model.safetensors", "Show the classes, layers and records of a model."},
    {"catdog info conv128x2 --memory --training", "Show the memory that a training needs."},
    {"catdog info --cpu", "Show the CPU and its kernels."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    o.options.training = o.training ? &o.train : NULL;
    if (n_files == 0 && (!o.cpu || o.memory))
        return info("builtin");
    return info(n_files ? files[0] : NULL);
}

const struct command command_info = {
    .name = "info",
    .summary = "show what a model contains and how this machine runs it",
    .synopsis = "[MODEL|builtin|PRESET] [options]",
    .description =
        "This command shows the classes, preprocessing, layers and parameters of a model and the "
        "records of its training, or the layers of a preset. Without a name it shows the built-in "
        "model."
        "\n\n"
        "With --cpu or --memory it shows how this machine runs the network.",
    .options = options,
    .examples = examples,
    .max_files = 1,
    .run = run,
};

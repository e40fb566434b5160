/* SPDX-License-Identifier: MIT
 *
 * catdog info: what a model file holds, and how this machine runs it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "commands/info.h"
#include "base/output.h"
#include "report/summary.h"
#include "base/tool.h"
#include "training/training.h"

static void print_preprocess(const cnn_preprocess_t *p)
{
    static const char *const fits[] = {"squashed", "cropped", "letterboxed"};

    printf("input: %u x %u (height x width), %s%s, mean %g %g %g, std %g %g %g\n",
           (unsigned)p->height, (unsigned)p->width,
           p->fit <= CNN_FIT_LETTERBOX ? fits[p->fit] : "?",
           p->decode == CNN_DECODE_SCALED ? " after scaled decoding" : "", (double)p->mean[0],
           (double)p->mean[1], (double)p->mean[2], (double)p->std[0], (double)p->std[1],
           (double)p->std[2]);
}

static void print_parameters(const cnn_model_t *model)
{
    cnn_parameter_info_t info = {.struct_size = sizeof info};

    puts("\nparameters:");
    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        if (cnn_model_parameter(model, i, &info) != CNN_OK)
            continue;
        printf("  %-28s %10zu  ", info.name, info.count);
        for (uint32_t d = 0; d < info.rank && d < 4; d++)
            printf("%s%zu", d ? " x " : "", info.dims[d]);
        puts(info.trainable ? "" : "  (not trained)");
    }
}

/* preprocess: NULL for a model that sees no photos. */
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
    cnn_parameter_info_t info = {.struct_size = sizeof info};
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_model_parameter_count(model); i++) {
        json_t *dims = json_array();
        if (cnn_model_parameter(model, i, &info) == CNN_OK)
            for (uint32_t d = 0; d < info.rank && d < 4; d++)
                json_array_append_new(dims, json_integer((json_int_t)info.dims[d]));
        json_array_append_new(array, json_pack("{s:s, s:o, s:I, s:b}", "name", info.name, "shape",
                                               dims, "count", (json_int_t)info.count, "trainable",
                                               info.trainable));
    }
    return array;
}

static int print_json(const cnn_model_t *model, const cnn_preprocess_t *preprocess)
{
    const cnn_graph_t *graph = cnn_model_graph(model);
    json_t *document = json_pack("{s:o, s:o, s:o, s:I, s:o}", "classes", json_classes(model),
                                 "preprocess",
                                 preprocess ? json_preprocess(preprocess) : json_null(), "layers",
                                 summary_json(graph), "parameter_count",
                                 (json_int_t)summary_parameters(graph), "parameters",
                                 parameters_json(model));

    for (size_t i = 0; document && i < JSON_RECORDS; i++)
        json_object_set_new(document, json_records[i], json_record(model, json_records[i]));
    return json_print(document);
}

/* ---- the command ---- */

struct request {
    int json, cpu, memory;
    uint32_t size[2]; /* of a preset's input: height, width */
    uint32_t threads;
    cnn_memory_options_t options;
};

/* A model's contents, or what a preset is. */
static int print_contents(const cnn_graph_t *graph, const cnn_model_t *model, int json)
{
    cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess};
    const cnn_preprocess_t *seen = NULL;
    int rc = EXIT_SUCCESS;

    if (!model)
        return json ? json_print(json_pack("{s:o, s:I}", "layers", summary_json(graph),
                                           "parameter_count",
                                           (json_int_t)summary_parameters(graph)))
                    : summary_print(stdout, graph);
    if (cnn_model_class_count(model) > 0) {
        TOOL_TRY(rc, cnn_model_preprocess(model, &preprocess));
        seen = &preprocess;
    }
    rc = json ? print_json(model, seen) : print_text(model, seen);
done:
    return rc;
}

/* What was asked for about this machine, in one document. */
static int print_machine_json(cnn_context_t *context, const cnn_graph_t *graph,
                              const struct request *request)
{
    json_t *document = json_object(), *cpu = NULL, *memory = NULL;

    if ((request->cpu && !(cpu = machine_cpu_json(context, graph))) ||
        (request->memory && !(memory = machine_memory_json(graph, &request->options)))) {
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

static int print_machine(cnn_context_t *context, const cnn_graph_t *graph,
                         const struct request *request)
{
    int rc = EXIT_SUCCESS;

    if (request->json)
        return print_machine_json(context, graph, request);
    if (request->cpu)
        rc = machine_print_cpu(context, graph);
    if (request->cpu && request->memory)
        putchar('\n');
    if (rc == EXIT_SUCCESS && request->memory)
        rc = machine_print_memory(graph, &request->options);
    return rc;
}

/* name: a preset, a model, or NULL: neither. */
static int info(const char *name, const struct request *request)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_graph_t *preset = NULL;
    const cnn_graph_t *graph = NULL;
    char known[128];
    int rc = tool_open(&tool, request->threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    if (name && training_knows_preset(name, known, sizeof known)) {
        TOOL_TRY(rc, cnn_graph_create_preset(tool.context, name, request->size[0], request->size[1],
                                             1, &preset));
        graph = preset;
    } else if (name) {
        TOOL_TRY(rc, tool_load_model(&tool, name, &model));
        graph = cnn_model_graph(model);
    }
    rc = request->cpu || request->memory ? print_machine(tool.context, graph, request)
                                         : print_contents(graph, model, request->json);
done:
    cnn_graph_free(preset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_info(int argc, char **argv)
{
    struct request request = {.size = {94, 125},
                              .options = {.struct_size = sizeof request.options}};
    const struct option options[] = {
        ARG_FLAG("cpu", &request.cpu,
                 "the CPU, the kernels of this build and those chosen, and how the\n"
                 "network's convolutions are computed"),
        ARG_FLAG("memory", &request.memory,
                 "what each layer needs to predict, and all together"),
        ARG_FLAG("training", &request.options.training, "with --memory: to train"),
        ARG_TEXT("freeze", &request.options.freeze, "LAYER",
                 "with --training: as train with --freeze"),
        ARG_FLAG("clipped", &request.options.clipped,
                 "with --training: as train with --clip-norm"),
        ARG_FLAG("averaged", &request.options.averaged,
                 "with --training: as train with --average"),
        ARG_NUMBER("batch", OPTION_U32, &request.options.batch_size, "N",
                   "with --memory: pictures at a time; default 32, training the\n"
                   "preset's own",
                   1, 65536),
        ARG_NUMBER("size", OPTION_SHAPE, request.size, "HxW",
                   "what a preset sees, height x width; default 94x125", 1, 65535),
        ARG_THREADS(&request.threads),
        ARG_JSON(&request.json),
        ARG_END,
    };
    const struct command command = {
        .name = "info",
        .synopsis = "[MODEL|builtin|PRESET] [options]",
        .about =
            "Shows a model's classes, preprocessing, layers, parameters and records of its making\n"
            "(builtin, or no name: of the one that the library brings along); a preset's layers; "
            "or\n"
            "how this machine runs it, and what that takes.",
        .options = options,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc != ARGS_GO_ON)
        return rc;
    if (n_files == 0 && (!request.cpu || request.memory))
        return info("builtin", &request);
    return info(n_files ? argv[0] : NULL, &request);
}

/* SPDX-License-Identifier: MIT
 *
 * catdog info: what a model file holds. */
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "output.h"
#include "summary.h"
#include "tool.h"

static void print_preprocess(const cnn_preprocess_t *p)
{
    static const char *const fits[] = {"squashed", "cropped", "letterboxed"};

    printf("input: %u x %u (height x width), %s, mean %g %g %g, std %g %g %g\n",
           (unsigned)p->height, (unsigned)p->width,
           p->fit <= CNN_FIT_LETTERBOX ? fits[p->fit] : "?", (double)p->mean[0], (double)p->mean[1],
           (double)p->mean[2], (double)p->std[0], (double)p->std[1], (double)p->std[2]);
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

static int print_text(const cnn_model_t *model, const cnn_preprocess_t *preprocess)
{
    const char *training = cnn_model_metadata(model, "training");

    printf("classes:");
    for (size_t i = 0; i < cnn_model_class_count(model); i++)
        printf(" %s", cnn_model_class_name(model, i));
    putchar('\n');
    if (cnn_model_class_count(model) > 0)
        print_preprocess(preprocess);
    putchar('\n');
    int rc = summary_print(stdout, cnn_model_graph(model));
    print_parameters(model);
    printf("\ntraining: %s\n", training ? training : "no record");
    return rc;
}

static json_t *classes_json(const cnn_model_t *model)
{
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_model_class_count(model); i++)
        json_array_append_new(array, json_text(cnn_model_class_name(model, i)));
    return array;
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

/* The training record is itself JSON. */
static json_t *training_json(const cnn_model_t *model)
{
    const char *text = cnn_model_metadata(model, "training");
    json_t *record = text ? json_loads(text, 0, NULL) : json_null();

    return record ? record : json_text(text);
}

static int print_json(const cnn_model_t *model, const cnn_preprocess_t *preprocess)
{
    const cnn_graph_t *graph = cnn_model_graph(model);

    return json_print(json_pack("{s:o, s:o, s:o, s:I, s:o, s:o}", "classes", classes_json(model),
                                "preprocess", json_preprocess(preprocess), "layers",
                                summary_json(graph), "parameter_count",
                                (json_int_t)summary_parameters(graph), "parameters",
                                parameters_json(model), "training", training_json(model)));
}

static int info(const char *path, int json)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess};
    int rc = tool_open(&tool, 1, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    TOOL_TRY(rc, cnn_model_load(tool.context, path, &model));
    TOOL_TRY(rc, cnn_model_preprocess(model, &preprocess));
    rc = json ? print_json(model, &preprocess) : print_text(model, &preprocess);
done:
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_info(int argc, char **argv)
{
    int json = 0;
    const struct option options[] = {ARG_JSON(&json), ARG_END};
    const struct command command = {
        .name = "info",
        .synopsis = "FILE [options]",
        .about = "Shows a model's classes, preprocessing, layers, parameters and training record.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON)
        rc = info(argv[0], json);
    return rc;
}

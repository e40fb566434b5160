/* SPDX-License-Identifier: MIT */
#include "training/fine_tuning.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/output.h"
#include "photos/photos.h"

/* ---- classes ---- */

static int every_class_has_photos(const cnn_dataset_t *dataset)
{
    for (size_t i = 0; i < cnn_dataset_class_count(dataset); i++)
        if (photos_count(dataset, (uint32_t)i) == 0)
            return 0;
    return 1;
}

/* Returns 1 if the folder can be opened with these n classes and each class has photos. */
static int has_classes(const struct tool *tool, const char *folder,
                       const cnn_dataset_open_options_t *options, const char **classes, size_t n)
{
    cnn_dataset_open_options_t given = *options;
    cnn_dataset_t *dataset = NULL;

    given.classes = classes;
    given.n_classes = n;
    const int has = cnn_dataset_open(tool->context, folder, &given, &dataset) == CNN_OK &&
                    every_class_has_photos(dataset);
    cnn_dataset_free(dataset);
    return has;
}

int fine_tuning_classes(const struct tool *tool, const cnn_model_t *from, const char *folder,
                        const cnn_dataset_open_options_t *options, const char ***classes)
{
    const size_t n = cnn_model_class_count(from);
    const char **names = calloc(n + 1, sizeof *names);
    cnn_dataset_t *dataset = NULL;
    int rc = EXIT_SUCCESS;

    *classes = NULL;
    if (!names)
        return output_no_memory();
    for (size_t i = 0; i < n; i++)
        names[i] = cnn_model_class_name(from, i);
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, options, &dataset));
    if (cnn_dataset_class_count(dataset) == n && has_classes(tool, folder, options, names, n)) {
        *classes = names;
        names = NULL;
    }
done:
    cnn_dataset_free(dataset);
    free(names);
    return rc;
}

static int keeps_classes(const cnn_model_t *from, const cnn_model_t *model)
{
    const size_t n = cnn_model_class_count(from);

    if (cnn_model_class_count(model) != n)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(cnn_model_class_name(from, i), cnn_model_class_name(model, i)) != 0)
            return 0;
    return 1;
}

void fine_tuning_print(FILE *text, const cnn_model_t *from, const cnn_model_t *model,
                       const char *freeze)
{
    fprintf(text, "the weights come from the model%s\n",
            keeps_classes(from, model) ? ", which has the same classes"
                                       : ", but the head is new, because the classes differ");
    if (!freeze)
        return;
    if (strcmp(freeze, CNN_FREEZE_ALL_BUT_HEAD) == 0)
        fputs("only the head is trained\n", text);
    else
        fprintf(text, "layer \"%s\" and all before it are frozen\n", freeze);
}

/* ---- weights ---- */

static int same_shape(const cnn_parameter_info_t *a, const cnn_parameter_info_t *b)
{
    return a->rank == b->rank && memcmp(a->dims, b->dims, a->rank * sizeof *a->dims) == 0;
}

static int has_parameter(const cnn_model_t *model, const cnn_parameter_info_t *like)
{
    cnn_parameter_info_t info = CNN_INIT(cnn_parameter_info_t);

    for (size_t i = 0; i < cnn_model_parameter_count(model); i++)
        if (cnn_model_parameter(model, i, &info) == CNN_OK && strcmp(info.name, like->name) == 0)
            return same_shape(&info, like);
    return 0;
}

static int copy_parameter(const cnn_model_t *from, const cnn_parameter_info_t *info,
                          cnn_model_t *model)
{
    float *values = malloc(info->n_values * sizeof *values);
    int rc = EXIT_SUCCESS;

    if (!values)
        return output_no_memory();
    TOOL_TRY(rc, cnn_model_parameter_values(from, info->name, info->n_values, values));
    TOOL_TRY(rc, cnn_model_set_parameter_values(model, info->name, values, info->n_values));
done:
    free(values);
    return rc;
}

/* Creates the record of the model that supplied parameters. taken: the number of parameters that
 * were copied. */
static json_t *origin_json(const cnn_model_t *from, size_t taken)
{
    json_t *origin = json_pack("{s:s, s:I, s:o}", "library", cnn_version(), "parameters",
                               (json_int_t)taken, "classes", json_classes(from));

    for (size_t i = 0; i < JSON_RECORDS; i++)
        if (cnn_model_metadata(from, json_records[i]))
            json_object_set_new(origin, json_records[i], json_record(from, json_records[i]));
    return origin;
}

static int keep_origin(const cnn_model_t *from, size_t taken, cnn_model_t *model)
{
    json_t *origin = origin_json(from, taken);
    char *text = json_dumps(origin, JSON_COMPACT);
    int rc = EXIT_SUCCESS;

    json_decref(origin);
    if (!text)
        return output_no_memory();
    TOOL_TRY(rc, cnn_model_set_metadata(model, "weights_from", text));
done:
    free(text);
    return rc;
}

int fine_tuning_weights(FILE *text, const cnn_model_t *from, const char *name, cnn_model_t *model)
{
    const size_t all = cnn_model_parameter_count(model);
    cnn_parameter_info_t info = CNN_INIT(cnn_parameter_info_t);
    size_t taken = 0;
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < all && rc == EXIT_SUCCESS; i++) {
        TOOL_TRY(rc, cnn_model_parameter(model, i, &info));
        if (!has_parameter(from, &info))
            continue;
        rc = copy_parameter(from, &info, model);
        taken++;
    }
    if (rc == EXIT_SUCCESS && taken == 0)
        rc = output_failure("%s: no parameter has the name and shape of one of the network", name);
    if (rc == EXIT_SUCCESS)
        rc = keep_origin(from, taken, model);
    if (rc == EXIT_SUCCESS)
        fprintf(text, "%zu of %zu parameters come from %s\n", taken, all, name);
done:
    return rc;
}

cnn_loss_t fine_tuning_loss(const cnn_model_t *model)
{
    const cnn_graph_t *graph = cnn_model_graph(model);
    cnn_layer_info_t output = CNN_INIT(cnn_layer_info_t);

    cnn_graph_layer(graph, cnn_graph_layer_count(graph) - 1, &output);
    return output.channels == 1 ? CNN_LOSS_BINARY_CROSS_ENTROPY : CNN_LOSS_CROSS_ENTROPY;
}

/* SPDX-License-Identifier: MIT */
#include "model/adapt.h"

#include <string.h>

#include "core/memory.h"
#include "core/names.h"
#include "core/version.h"
#include "graph/class_outputs.h"
#include "graph/head.h"
#include "graph/input_size.h"
#include "graph/kinds.h"
#include "io/json.h"
#include "model/initializer.h"

/* Metadata keys that describe how a model was made. They move into "adapted_from". */
static const char *const origins[] = {"training", "recipe", "calibration", "adapted_from",
                                      "weights_from"};
enum { ORIGINS = sizeof origins / sizeof *origins };

static int same_classes(const cnn_model_t *model, const char *const *classes, size_t n)
{
    if (n != model->n_classes)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!classes[i] || !cd_names_same(classes[i], model->classes[i]))
            return 0;
    return 1;
}

/* ---- metadata ---- */

/* Sets a member to the JSON value of text. Leaves text out that is not JSON. Returns -1 if memory
 * ran out. */
static int set_origin(json_t *object, const char *key, const char *text)
{
    json_t *value = NULL;
    const cnn_status_t rc = text ? cd_json_parse(text, strlen(text), &value) : CNN_OK;

    if (value)
        return json_object_set_new(object, key, value);
    return rc == CNN_ERROR_MEMORY ? -1 : 0;
}

/* Describes the model that the new one starts from. NULL if memory ran out. */
static json_t *describe(const cnn_model_t *from)
{
    json_t *object = json_object();
    int failed = json_object_set_new(object, "library", json_string(CD_VERSION));

    failed |= json_object_set_new(object, "classes", cd_json_names(from->classes, from->n_classes));
    if (from->graph->preset[0])
        failed |= json_object_set_new(object, "preset", json_string(from->graph->preset));
    for (size_t i = 0; i < ORIGINS; i++)
        failed |= set_origin(object, origins[i], cd_metadata_get(&from->metadata, origins[i]));
    return cd_json_finish(object, failed);
}

static int is_origin(const char *key)
{
    for (size_t i = 0; i < ORIGINS; i++)
        if (strcmp(key, origins[i]) == 0)
            return 1;
    return 0;
}

static cnn_status_t set_metadata(const cnn_model_t *from, cnn_model_t *model)
{
    json_t *origin = describe(from);
    char *text = NULL;
    cnn_status_t rc = origin ? cd_json_dump(from->context, origin, CD_JSON_DOUBLE_DIGITS, &text)
                             : cd_error_memory();

    json_decref(origin);
    if (rc == CNN_OK)
        rc = cd_metadata_set(&model->metadata, "adapted_from", text);
    cd_free(from->context, text);
    for (size_t i = 0; rc == CNN_OK && i < from->metadata.n; i++)
        if (!is_origin(from->metadata.entries[i].key))
            rc = cd_metadata_set(&model->metadata, from->metadata.entries[i].key,
                                 from->metadata.entries[i].value);
    return rc;
}

/* ---- graph and weights ---- */

/* Copies the parameters of the first n_copied nodes, which have the same numbers in both models.
 * Draws fresh values for the others; biases stay 0. */
static void fill(const cnn_model_t *from, const cnn_model_adapt_options_t *options, size_t n_copied,
                 cnn_model_t *model)
{
    const cnn_graph_t *graph = model->graph;
    const uint64_t seed = cd_context_seed(model->context, options->seed);

    for (size_t i = 0; i < graph->n_params; i++) {
        const struct cd_param *param = &graph->params[i];
        float *values = cd_model_values(model, param);
        if (param->node < n_copied)
            memcpy(values, cd_model_values(from, &from->graph->params[i]),
                   param->count * sizeof *values);
        else if (options->initializer != CNN_INITIALIZER_DEFAULT)
            cd_initialize(graph, i, options->initializer, seed, values);
    }
}

static cnn_status_t make_graph(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                               size_t n_classes, int keep_head, cnn_graph_t **out)
{
    const struct cd_shape in = from->graph->nodes[0].shape;
    const uint32_t height = options->height ? options->height : (uint32_t)in.h;
    const uint32_t width = options->width ? options->width : (uint32_t)in.w;
    cnn_graph_t *graph;

    CD_TRY(cd_graph_with_input(from->graph, height, width, &graph));
    if (keep_head) {
        *out = graph;
        return CNN_OK;
    }
    const cnn_status_t rc =
        cd_graph_with_head(graph, cd_outputs_of_classes(n_classes), options->initializer, out);
    cd_graph_free(graph);
    return rc;
}

static cnn_status_t check(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                          const char *const *classes, size_t n)
{
    if (!from->classes)
        return cd_error(
            CNN_ERROR_SHAPE,
            "cnn_model_adapt: the model has no classes: its network does not see photos");
    if (!classes || n < 2 || n > UINT32_MAX)
        return cd_error(
            CNN_ERROR_ARGUMENT,
            "cnn_model_adapt: classes and n_classes must be given together, and at least "
            "two");
    if (!options->height != !options->width)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "cnn_model_adapt: height and width must be given together");
    return CNN_OK;
}

cnn_status_t cd_adapt_model(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                            cnn_model_t **out)
{
    const int own = !options->classes && options->n_classes == 0;
    const char *const *classes = own ? (const char *const *)from->classes : options->classes;
    const size_t n = own ? from->n_classes : options->n_classes;
    cnn_preprocess_t preprocess = from->preprocess;
    const cnn_model_options_t made = {
        .struct_size = sizeof made, .classes = classes, .n_classes = n, .preprocess = &preprocess};
    cnn_graph_t *graph = NULL;
    cnn_model_t *model = NULL;
    cnn_status_t rc;

    *out = NULL;
    CD_TRY(check(from, options, classes, n));
    preprocess.height = preprocess.width = 0; /* taken from the graph */
    const int keep_head = !options->fresh_head && same_classes(from, classes, n);
    CD_TRY_FAIL(make_graph(from, options, n, keep_head, &graph));
    CD_TRY_FAIL(cd_model_create_blank(graph, &made, &model));
    fill(from, options, keep_head ? graph->n_nodes : cd_graph_head(graph), model);
    CD_TRY_FAIL(set_metadata(from, model));
    *out = model;
    model = NULL;
fail:
    cd_graph_free(graph);
    cd_model_unref(model);
    return rc;
}

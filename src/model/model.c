/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/names.h"
#include "core/options.h"
#include "core/utf8.h"
#include "image/image.h"
#include "image/preprocess.h"
#include "model/initializer.h"

enum { MAX_METADATA = 1024 }; /* keys; a damaged file cannot keep the reader busy with more */

int cd_model_sees_photos(const cnn_graph_t *graph)
{
    if (graph->n_nodes < 2) /* no output but the input */
        return 0;
    const struct cd_shape in = graph->nodes[0].shape, out = cd_graph_output(graph)->shape;
    return in.c == 3 && in.h <= CD_IMAGE_MAX_SIDE && in.w <= CD_IMAGE_MAX_SIDE && out.h == 1 &&
           out.w == 1;
}

static cnn_status_t check_names(const cnn_model_t *model, const char *const *classes, size_t n)
{
    CD_TRY(cd_names_check(model->context, classes, n));
    for (size_t i = 0; i < n; i++)
        if (!cd_utf8_valid(classes[i]))
            return cd_error(CNN_ERROR_ARGUMENT, "the name of class %zu is not UTF-8", i);
    return CNN_OK;
}

static cnn_status_t check_class_count(const cnn_model_t *model, const cnn_model_options_t *options,
                                      size_t needed)
{
    if (!options->classes != (options->n_classes == 0))
        return cd_error(CNN_ERROR_ARGUMENT, "classes and n_classes must be given together");
    if (options->classes && options->n_classes != needed)
        return cd_error(CNN_ERROR_SHAPE,
                        "%zu classes do not fit the %zu outputs of layer \"%s\": it needs %zu",
                        options->n_classes, cd_graph_output(model->graph)->shape.c,
                        cd_graph_output(model->graph)->name, needed);
    return CNN_OK;
}

/* A single output tells two classes apart. */
static cnn_status_t set_classes(cnn_model_t *model, const cnn_model_options_t *options)
{
    const size_t outputs = cd_graph_output(model->graph)->shape.c;
    const size_t needed = outputs == 1 ? 2 : outputs;

    CD_TRY(check_class_count(model, options, needed));
    if (options->classes)
        CD_TRY(check_names(model, options->classes, needed));
    model->classes = cd_alloc(model->context, needed, sizeof *model->classes);
    if (!model->classes)
        return cd_error_memory();
    for (; model->n_classes < needed; model->n_classes++) {
        const size_t i = model->n_classes;
        char number[24];
        snprintf(number, sizeof number, "%zu", i);
        model->classes[i] =
            cd_strdup(model->context, options->classes ? options->classes[i] : number);
        if (!model->classes[i])
            return cd_error_memory();
    }
    return CNN_OK;
}

static cnn_status_t set_preprocess(cnn_model_t *model, const cnn_preprocess_t *given)
{
    const struct cd_shape in = model->graph->nodes[0].shape;
    cnn_preprocess_t own;

    CD_TRY(cd_options_read("preprocess", given, &own, sizeof own));
    if ((own.height != 0 && own.height != in.h) || (own.width != 0 && own.width != in.w))
        return cd_error(CNN_ERROR_SHAPE,
                        "preprocess to %lu x %lu does not fit the network's input %zu x %zu x %zu",
                        (unsigned long)own.height, (unsigned long)own.width, in.h, in.w, in.c);
    own.height = (uint32_t)in.h;
    own.width = (uint32_t)in.w;
    return cd_preprocess_complete(&own, &model->preprocess);
}

/* What makes pictures of a network's input and classes of its output. */
static cnn_status_t set_photos(cnn_model_t *model, const cnn_model_options_t *options)
{
    const struct cd_shape in = model->graph->nodes[0].shape;
    const struct cd_shape out = cd_graph_output(model->graph)->shape;

    if (cd_model_sees_photos(model->graph)) {
        CD_TRY(set_classes(model, options));
        return set_preprocess(model, options->preprocess);
    }
    if (options->classes || options->n_classes > 0 || options->preprocess)
        return cd_error(
            CNN_ERROR_SHAPE,
            "a network from %zu x %zu x %zu to %zu x %zu x %zu cannot have classes or "
            "see photos: its input must have 3 channels and sides of at most 65535, its "
            "output be flat",
            in.h, in.w, in.c, out.h, out.w, out.c);
    return CNN_OK;
}

static cnn_status_t fill_model(cnn_model_t *model, const cnn_graph_t *graph,
                               const cnn_model_options_t *options)
{
    CD_TRY(cd_graph_copy(graph, &model->graph));
    CD_TRY(set_photos(model, options));
    model->weights = cd_alloc(model->context, graph->trainable_size, sizeof *model->weights);
    model->statistics = cd_alloc(model->context, graph->statistics_size, sizeof *model->statistics);
    if (!model->weights || !model->statistics)
        return cd_error_memory();
    return CNN_OK;
}

cnn_status_t cd_model_create_blank(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                   cnn_model_t **out)
{
    cnn_model_t *model;
    cnn_status_t rc;

    *out = NULL;
    if (graph->n_nodes < 2)
        return cd_error(CNN_ERROR_ARGUMENT, "the graph has no layers");
    model = cd_alloc(graph->context, 1, sizeof *model);
    if (!model)
        return cd_error_memory();
    atomic_init(&model->users, 1);
    model->context = cd_context_ref(graph->context);
    CD_TRY_FAIL(fill_model(model, graph, options));
    *out = model;
    return CNN_OK;
fail:
    cd_model_unref(model);
    return rc;
}

cnn_status_t cd_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                             cnn_model_t **out)
{
    const uint64_t seed = cd_context_seed(graph->context, options->seed);

    CD_TRY(cd_model_create_blank(graph, options, out));
    for (size_t i = 0; i < graph->n_params; i++)
        cd_initialize(graph, i, options->initializer, seed,
                      cd_model_values(*out, &graph->params[i]));
    return CNN_OK;
}

cnn_model_t *cd_model_ref(cnn_model_t *model)
{
    atomic_fetch_add_explicit(&model->users, 1, memory_order_relaxed);
    return model;
}

static void free_metadata(cnn_model_t *model)
{
    for (size_t i = 0; i < model->n_metadata; i++)
        cd_free(model->context, model->metadata[i].value);
    cd_free(model->context, model->metadata);
}

void cd_model_unref(cnn_model_t *model)
{
    if (!model || atomic_fetch_sub_explicit(&model->users, 1, memory_order_acq_rel) != 1)
        return;
    cnn_context_t *context = model->context;
    cd_names_free(context, model->classes, model->n_classes);
    free_metadata(model);
    cd_free(context, model->weights);
    cd_free(context, model->statistics);
    cd_graph_free(model->graph);
    cd_free(context, model);
    cd_context_unref(context);
}

void cd_model_changed(cnn_model_t *model)
{
    model->changes++;
}

float *cd_model_values(const cnn_model_t *model, const struct cd_param *param)
{
    return (param->trainable ? model->weights : model->statistics) + param->offset;
}

/* Where a key is, or where it would be put; *found tells which. */
static size_t metadata_place(const cnn_model_t *model, const char *key, int *found)
{
    size_t i = 0;

    while (i < model->n_metadata && strcmp(model->metadata[i].key, key) < 0)
        i++;
    *found = i < model->n_metadata && strcmp(model->metadata[i].key, key) == 0;
    return i;
}

static void remove_metadata(cnn_model_t *model, const char *key)
{
    int found;
    const size_t place = metadata_place(model, key, &found);

    if (!found)
        return;
    cd_free(model->context, model->metadata[place].value);
    model->n_metadata--;
    memmove(&model->metadata[place], &model->metadata[place + 1],
            (model->n_metadata - place) * sizeof *model->metadata);
}

/* Takes copy over; on failure it is freed. */
static cnn_status_t put_metadata(cnn_model_t *model, const char *key, char *copy)
{
    int found;
    const size_t place = metadata_place(model, key, &found);

    if (found) {
        cd_free(model->context, model->metadata[place].value);
        model->metadata[place].value = copy;
        return CNN_OK;
    }
    cnn_status_t rc = cd_reserve(model->context, &model->metadata, &model->metadata_capacity,
                                 model->n_metadata + 1, sizeof *model->metadata);
    if (rc != CNN_OK) {
        cd_free(model->context, copy);
        return rc;
    }
    memmove(&model->metadata[place + 1], &model->metadata[place],
            (model->n_metadata - place) * sizeof *model->metadata);
    snprintf(model->metadata[place].key, sizeof model->metadata[place].key, "%s", key);
    model->metadata[place].value = copy;
    model->n_metadata++;
    return CNN_OK;
}

cnn_status_t cd_model_set_metadata(cnn_model_t *model, const char *key, const char *value)
{
    if (!cd_name_valid(key))
        return cd_error(CNN_ERROR_ARGUMENT,
                        "the metadata key \"%.80s\" is not 1 to %d letters, digits, _ - .", key,
                        CD_NAME_SIZE - 1);
    if (!value) {
        remove_metadata(model, key);
        return CNN_OK;
    }
    if (model->n_metadata == MAX_METADATA && !cd_model_metadata(model, key))
        return cd_error(CNN_ERROR_ARGUMENT, "metadata \"%s\": a model holds at most %d keys", key,
                        (int)MAX_METADATA);
    if (!cd_utf8_valid(value))
        return cd_error(CNN_ERROR_ARGUMENT, "metadata \"%s\" is not UTF-8", key);
    char *copy = cd_strdup(model->context, value);
    if (!copy)
        return cd_error_memory();
    return put_metadata(model, key, copy);
}

const char *cd_model_metadata(const cnn_model_t *model, const char *key)
{
    int found;
    const size_t place = metadata_place(model, key, &found);

    return found ? model->metadata[place].value : NULL;
}

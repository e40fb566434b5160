/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/check.h"
#include "core/memory.h"
#include "core/names.h"
#include "core/options.h"
#include "core/utf8.h"
#include "graph/class_outputs.h"
#include "image/image.h"
#include "image/preprocess.h"
#include "model/initializer.h"

int cd_graph_sees_photos(const cnn_graph_t *graph)
{
    if (graph->n_nodes < 2) /* the input is the output */
        return 0;
    const struct cd_shape in = graph->nodes[0].shape, out = cd_graph_output(graph)->shape;
    return in.c == 3 && in.h <= CD_IMAGE_MAX_SIDE && in.w <= CD_IMAGE_MAX_SIDE && out.h == 1 &&
           out.w == 1;
}

cnn_status_t cd_model_check_photos(const cnn_model_t *model, const char *where)
{
    if (!model->classes)
        return cd_error(CNN_ERROR_SHAPE, "%s: this model does not see photos", where);
    return CNN_OK;
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

static cnn_status_t set_classes(cnn_model_t *model, const cnn_model_options_t *options)
{
    const size_t needed = cd_classes_of_outputs(cd_graph_output(model->graph)->shape.c);

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

/* Classes and preprocessing, if the graph sees photos. */
static cnn_status_t set_photos(cnn_model_t *model, const cnn_model_options_t *options)
{
    const struct cd_shape in = model->graph->nodes[0].shape;
    const struct cd_shape out = cd_graph_output(model->graph)->shape;

    if (cd_graph_sees_photos(model->graph)) {
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
    model->metadata.context = model->context;
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

void cd_model_unref(cnn_model_t *model)
{
    if (!model || atomic_fetch_sub_explicit(&model->users, 1, memory_order_acq_rel) != 1)
        return;
    cnn_context_t *context = model->context;
    cd_names_free(context, model->classes, model->n_classes);
    cd_metadata_release(&model->metadata);
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

static cnn_status_t find_parameter(const cnn_model_t *model, const char *where, const char *name,
                                   size_t count, const struct cd_param **param)
{
    *param = cd_graph_param(model->graph, name);
    if (!*param)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: there is no parameter \"%.130s\"", where, name);
    return cd_check_count(where, name, (*param)->count, count);
}

cnn_status_t cd_model_read(const cnn_model_t *model, const char *where, const char *name,
                           float *values, size_t count)
{
    const struct cd_param *param;

    CD_TRY(find_parameter(model, where, name, count, &param));
    memcpy(values, cd_model_values(model, param), count * sizeof *values);
    return CNN_OK;
}

cnn_status_t cd_model_write(cnn_model_t *model, const char *where, const char *name,
                            const float *values, size_t count)
{
    const struct cd_param *param;

    CD_TRY(find_parameter(model, where, name, count, &param));
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return cd_error(CNN_ERROR_NAN, "%s: value %zu for \"%s\" is not finite", where, i,
                            name);
    memcpy(cd_model_values(model, param), values, count * sizeof *values);
    cd_model_changed(model);
    return CNN_OK;
}

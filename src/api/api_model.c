/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "graph/layer_enums.h"
#include "model/model_file.h"

cnn_status_t cnn_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                              cnn_model_t **model)
{
    cnn_model_options_t own;

    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, graph);
    CD_REQUIRE(graph->context, model);
    CD_API_TRY(graph->context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(graph->context, cd_check_enum(__func__, "initializer", (int)own.initializer,
                                             cd_initializer_names.count));
    return cd_api_result(graph->context, cd_model_create(graph, &own, model));
}

void cnn_model_free(cnn_model_t *model)
{
    cd_model_unref(model);
}

cnn_status_t cnn_model_load(cnn_context_t *context, const char *path, cnn_model_t **model)
{
    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, path);
    CD_REQUIRE(context, model);
    return cd_api_result(context, cd_model_file_load(context, path, model));
}

cnn_status_t cnn_model_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                   cnn_model_t **model)
{
    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, bytes);
    CD_REQUIRE(context, model);
    return cd_api_result(context,
                         cd_model_file_parse(context, "model in memory", bytes, size, model));
}

cnn_status_t cnn_model_save(const cnn_model_t *model, const char *path,
                               const cnn_model_save_options_t *options)
{
    cnn_model_save_options_t own;

    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, path);
    CD_API_TRY(model->context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(model->context,
               cd_check_enum(__func__, "precision", (int)own.precision, CNN_PRECISION_HALF + 1));
    return cd_api_result(model->context, cd_model_file_save(model, path, own.precision));
}

const cnn_graph_t *cnn_model_graph(const cnn_model_t *model)
{
    return model ? model->graph : NULL;
}

size_t cnn_model_class_count(const cnn_model_t *model)
{
    return model ? model->n_classes : 0;
}

const char *cnn_model_class_name(const cnn_model_t *model, size_t index)
{
    return model && index < model->n_classes ? model->classes[index] : NULL;
}

cnn_status_t cnn_model_preprocess(const cnn_model_t *model, cnn_preprocess_t *preprocess)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, preprocess);
    if (!model->classes)
        return cd_api_result(
            model->context,
            cd_error(CNN_ERROR_SHAPE, "%s: this model does not see photos", __func__));
    return cd_api_result(model->context, cd_result_write(__func__, &model->preprocess,
                                                         sizeof model->preprocess, preprocess));
}

size_t cnn_model_parameter_count(const cnn_model_t *model)
{
    return model ? model->graph->n_params : 0;
}

cnn_status_t cnn_model_parameter(const cnn_model_t *model, size_t index, cnn_parameter_info_t *info)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, info);
    CD_API_TRY(model->context, cd_check_index(__func__, index, model->graph->n_params));
    const struct cd_param *param = &model->graph->params[index];
    cnn_parameter_info_t own = {
        .name = param->name,
        .rank = (uint32_t)param->rank,
        .count = param->count,
        .trainable = param->trainable,
    };
    memcpy(own.dims, param->dims, sizeof own.dims);
    return cd_api_result(model->context, cd_result_write(__func__, &own, sizeof own, info));
}

static cnn_status_t find_parameter(const char *function, const cnn_model_t *model, const char *name,
                                   size_t count, const struct cd_param **param)
{
    *param = cd_graph_param(model->graph, name);
    if (!*param)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: there is no parameter \"%.130s\"", function, name);
    return cd_check_count(function, name, (*param)->count, count);
}

cnn_status_t cnn_model_parameter_values(const cnn_model_t *model, const char *name, float *values,
                                     size_t count)
{
    const struct cd_param *param;

    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, name);
    CD_REQUIRE(model->context, values);
    CD_API_TRY(model->context, find_parameter(__func__, model, name, count, &param));
    memcpy(values, cd_model_values(model, param), count * sizeof *values);
    return CNN_OK;
}

cnn_status_t cnn_model_set_parameter_values(cnn_model_t *model, const char *name, const float *values,
                                     size_t count)
{
    const struct cd_param *param;

    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, name);
    CD_REQUIRE(model->context, values);
    CD_API_TRY(model->context, find_parameter(__func__, model, name, count, &param));
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return cd_api_result(model->context,
                                 cd_error(CNN_ERROR_NAN, "%s: value %zu for \"%s\" is not finite",
                                          __func__, i, name));
    memcpy(cd_model_values(model, param), values, count * sizeof *values);
    cd_model_changed(model);
    return CNN_OK;
}

cnn_status_t cnn_model_set_metadata(cnn_model_t *model, const char *key, const char *value)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, key);
    return cd_api_result(model->context, cd_model_set_metadata(model, key, value));
}

const char *cnn_model_metadata(const cnn_model_t *model, const char *key)
{
    return model && key ? cd_model_metadata(model, key) : NULL;
}

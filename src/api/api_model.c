/* SPDX-License-Identifier: MIT */
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
    CD_API_TRY(model->context, cd_model_check_photos(model, __func__));
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
        .n_values = param->count,
        .trainable = param->trainable,
    };
    memcpy(own.dims, param->dims, sizeof own.dims);
    return cd_api_result(model->context, cd_result_write(__func__, &own, sizeof own, info));
}

cnn_status_t cnn_model_parameter_values(const cnn_model_t *model, const char *name, size_t n_values,
                                        float *values)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, name);
    CD_REQUIRE(model->context, values);
    return cd_api_result(model->context, cd_model_read(model, __func__, name, values, n_values));
}

cnn_status_t cnn_model_set_parameter_values(cnn_model_t *model, const char *name,
                                            const float *values, size_t n_values)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, name);
    CD_REQUIRE(model->context, values);
    return cd_api_result(model->context, cd_model_write(model, __func__, name, values, n_values));
}

cnn_status_t cnn_model_set_metadata(cnn_model_t *model, const char *key, const char *value)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, key);
    return cd_api_result(model->context, cd_metadata_set(&model->metadata, key, value));
}

const char *cnn_model_metadata(const cnn_model_t *model, const char *key)
{
    return model && key ? cd_metadata_get(&model->metadata, key) : NULL;
}

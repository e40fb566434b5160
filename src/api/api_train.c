/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "graph/layer_enums.h"
#include "image/preprocess.h"
#include "model/adapt.h"
#include "train/option_info.h"
#include "train/train_fields.h"
#include "train/train_options.h"
#include "train/training.h"

size_t cnn_train_option_count(void)
{
    return cd_train_field_count();
}

cnn_status_t cnn_train_option(size_t index, cnn_train_option_info_t *info)
{
    CD_REQUIRE(NULL, info);
    CD_API_TRY(NULL, cd_check_index(__func__, index, cd_train_field_count()));
    const cnn_train_option_info_t own = cd_option_info(index);
    return cd_api_result(NULL, cd_result_write(__func__, &own, sizeof own, info));
}

const char *cnn_train_option_choice(size_t index, size_t choice)
{
    return index < cd_train_field_count() ? cd_option_choice(index, choice) : NULL;
}

cnn_status_t cnn_train_option_set(cnn_train_options_t *options, const char *name, const char *value)
{
    CD_REQUIRE(NULL, options);
    CD_REQUIRE(NULL, name);
    CD_REQUIRE(NULL, value);
    return cd_api_result(NULL, cd_option_set(options, name, value));
}

cnn_status_t cnn_train_preprocess(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const cnn_train_options_t *options, cnn_preprocess_t *training)
{
    cnn_train_options_t own;
    cnn_preprocess_t complete, larger;

    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, training);
    CD_API_TRY(context, cd_train_options_read(context, "", options, &own));
    CD_API_TRY(context, cd_preprocess_complete(preprocess, &complete));
    larger = cd_train_options_preprocess(&own, &complete);
    CD_API_TRY(context, cd_preprocess_complete(&larger, &complete));
    return cd_api_result(context, cd_result_write(__func__, &complete, sizeof complete, training));
}

cnn_status_t cnn_model_adapt(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                             cnn_model_t **model)
{
    cnn_model_adapt_options_t own;

    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, from);
    CD_REQUIRE(from->context, model);
    CD_API_TRY(from->context,
               cd_options_read("cnn_model_adapt_options_t", options, &own, sizeof own));
    CD_API_TRY(from->context, cd_check_enum(__func__, "initializer", (int)own.initializer,
                                            cd_initializer_names.count));
    return cd_api_result(from->context, cd_adapt_model(from, &own, model));
}

cnn_status_t cnn_model_train(cnn_model_t *model, cnn_dataset_t *train, cnn_dataset_t *validation,
                             const cnn_train_options_t *options, cnn_history_t **history)
{
    cnn_train_options_t own;

    if (history)
        *history = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, train);
    CD_API_TRY(model->context,
               cd_train_options_read(model->context, model->graph->preset, options, &own));
    return cd_api_result(model->context, cd_training_run(model, train, validation, &own, history));
}

/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "graph/layer_enums.h"
#include "train/recipe.h"

cnn_status_t cnn_recipe_load(cnn_context_t *context, const char *path, cnn_recipe_t **recipe)
{
    if (recipe)
        *recipe = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, path);
    CD_REQUIRE(context, recipe);
    return cd_api_result(context, cd_recipe_load(context, path, recipe));
}

cnn_status_t cnn_recipe_load_memory(cnn_context_t *context, const char *bytes, size_t size,
                                    cnn_recipe_t **recipe)
{
    if (recipe)
        *recipe = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, bytes);
    CD_REQUIRE(context, recipe);
    return cd_api_result(context,
                         cd_recipe_parse(context, "recipe in memory", bytes, size, recipe));
}

void cnn_recipe_free(cnn_recipe_t *recipe)
{
    cd_recipe_free(recipe);
}

const char *cnn_recipe_preset(const cnn_recipe_t *recipe)
{
    return recipe && recipe->preset ? recipe->preset->name : NULL;
}

cnn_status_t cnn_recipe_preprocess(const cnn_recipe_t *recipe, cnn_preprocess_t *preprocess)
{
    CD_REQUIRE(NULL, recipe);
    return cd_api_result(recipe->context, cd_result_write(__func__, &recipe->preprocess,
                                                          sizeof recipe->preprocess, preprocess));
}

cnn_status_t cnn_recipe_train_options(const cnn_recipe_t *recipe, cnn_train_options_t *options)
{
    CD_REQUIRE(NULL, recipe);
    return cd_api_result(recipe->context, cd_result_write(__func__, &recipe->options,
                                                          sizeof recipe->options, options));
}

cnn_status_t cnn_recipe_create_model(const cnn_recipe_t *recipe, const cnn_model_options_t *options,
                                     cnn_model_t **model)
{
    cnn_model_options_t own;

    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, recipe);
    CD_REQUIRE(recipe->context, model);
    CD_API_TRY(recipe->context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(recipe->context, cd_check_enum(__func__, "initializer", (int)own.initializer,
                                              cd_initializer_names.count));
    return cd_api_result(recipe->context, cd_recipe_model(recipe, &own, model));
}

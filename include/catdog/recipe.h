/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Recipes: a network and its training as a JSON file.
 */
#ifndef CNN_RECIPE_H
#define CNN_RECIPE_H

#include <catdog/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup recipe Recipe
 *  A network and its training as a JSON file: a preset's name or a graph, and, optionally, the
 *  preprocessing, the initializer, and training options by the names of the fields of
 *  cnn_train_options_t.
 *  @{
 */

/** A network and its training. */
typedef struct cnn_recipe cnn_recipe_t;

/** Loads a recipe.
 *
 *  Unknown keys and invalid values are refused. The message names the file and the key.
 *  @param context  The context.
 *  @param path  The file.
 *  @param[out] recipe  The recipe, to be freed with cnn_recipe_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO.
 */
CNN_API cnn_status_t cnn_recipe_load(cnn_context_t *context, const char *path,
                                     cnn_recipe_t **recipe);

/** Loads a recipe from memory, as cnn_recipe_load() does.
 *
 *  @param context  The context.
 *  @param bytes  The JSON text; not kept.
 *  @param size  Its length in bytes.
 *  @param[out] recipe  The recipe, to be freed with cnn_recipe_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_recipe_load_memory(cnn_context_t *context, const char *bytes, size_t size,
                                            cnn_recipe_t **recipe);

/** Frees a recipe.
 *
 *  @param recipe  The recipe, or NULL.
 */
CNN_API void cnn_recipe_free(cnn_recipe_t *recipe);

/** Returns the preset of a recipe.
 *
 *  @param recipe  The recipe.
 *  @return The preset's name, in static storage; NULL if the recipe has a graph.
 */
CNN_API const char *cnn_recipe_preset(const cnn_recipe_t *recipe);

/** Returns the preprocessing of a recipe.
 *
 *  If the recipe does not set the size, it is the size of the graph's input, or 94 x 125 for a
 *  preset. If the recipe does not set mean and std, they are the preset's.
 *
 *  @param recipe  The recipe.
 *  @param[out] preprocess  The preprocessing.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_recipe_preprocess(const cnn_recipe_t *recipe,
                                           cnn_preprocess_t *preprocess);

/** Returns the training options of a recipe. Fields that the recipe does not set are 0.
 *
 *  @param recipe  The recipe. `class_weights` and `freeze` belong to it.
 *  @param[out] options  The options.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_recipe_train_options(const cnn_recipe_t *recipe,
                                              cnn_train_options_t *options);

/** Creates a model with initial weights from a recipe, as cnn_model_create() does.
 *
 *  A preset gets as many outputs as the classes need. A graph must already have them. The model
 *  keeps the recipe as the metadata "recipe".
 *  @param recipe  The recipe.
 *  @param options  The options; NULL = defaults. Preprocessing and initializer are the recipe's if
 *                  they are not set here.
 *  @param[out] model  The model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE.
 */
CNN_API cnn_status_t cnn_recipe_create_model(const cnn_recipe_t *recipe,
                                             const cnn_model_options_t *options,
                                             cnn_model_t **model);

/** @} */

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT
 *
 * Recipes: what a network is and how it is trained, as a JSON file. */
#ifndef CNN_RECIPE_H
#define CNN_RECIPE_H

#include <catdog/model.h>
#include <catdog/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads a recipe (docs/file-format.md): a preset's name or a graph, and, if it says so,
 * preprocessing, initializer, and training options by the names of cnn_train_options_t's fields. A
 * key that is not known or a value that is not possible is refused; the message names the file and
 * the key.
 * Errors: ARGUMENT, MEMORY, IO. */
CNN_API cnn_status_t cnn_recipe_load(cnn_context_t *context, const char *path,
                                     cnn_recipe_t **recipe);

/* The same from size bytes of memory, which are not kept. */
CNN_API cnn_status_t cnn_recipe_load_memory(cnn_context_t *context, const char *text, size_t size,
                                            cnn_recipe_t **recipe);
CNN_API void cnn_recipe_free(cnn_recipe_t *recipe);

/* The name of the preset that the recipe says; NULL if it has a graph. Static storage. */
CNN_API const char *cnn_recipe_preset(const cnn_recipe_t *recipe);

/* The recipe's preprocessing; where it says none: the input's size (of a preset 94 x 125) and the
 * preset's mean and std. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_recipe_preprocess(const cnn_recipe_t *recipe,
                                           cnn_preprocess_t *preprocess);

/* Overwrites *options, whose struct_size is set, with what the recipe says; all else, callbacks
 * too, is 0. Its class_weights and freeze are the recipe's. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_recipe_train_options(const cnn_recipe_t *recipe,
                                              cnn_train_options_t *options);

/* Makes a model with fresh weights, as cnn_model_create does: options, preprocess and initializer
 * where options (may be NULL) have none are the recipe's. A preset gets the outputs that the
 * classes need; a graph must fit them. The model keeps the recipe as the metadata "recipe". Errors:
 * ARGUMENT, MEMORY, SHAPE. */
CNN_API cnn_status_t cnn_recipe_create_model(const cnn_recipe_t *recipe,
                                      const cnn_model_options_t *options, cnn_model_t **model);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT
 *
 * Recipes: a network and its training as a JSON file (docs/reference/file-formats.md). */
#ifndef CD_TRAIN_RECIPE_H
#define CD_TRAIN_RECIPE_H

#include "model/model.h"

struct cnn_recipe {
    cnn_context_t *context; /* a user of it */
    char *text;             /* compact JSON, for the model to keep */
    const cnn_preset_info_t *preset; /* or */
    cnn_graph_t *graph;
    cnn_preprocess_t preprocess; /* complete */
    cnn_initializer_t initializer;
    cnn_train_options_t options; /* what the recipe says, the rest zero; struct_size is set */
    double *class_weights;       /* what options points to, or NULL; as the next */
    char *freeze;
};

/* name: of the file, for messages. Errors: ARGUMENT, naming the file and the key; MEMORY. */
cnn_status_t cd_recipe_parse(cnn_context_t *context, const char *name, const char *text,
                             size_t length, cnn_recipe_t **recipe);

/* Errors also: IO. */
cnn_status_t cd_recipe_load(cnn_context_t *context, const char *path, cnn_recipe_t **recipe);
void cd_recipe_free(cnn_recipe_t *recipe);

/* options: as cnn_recipe_create_model's, read. Errors: ARGUMENT, MEMORY, SHAPE. */
cnn_status_t cd_recipe_model(const cnn_recipe_t *recipe, const cnn_model_options_t *options,
                             cnn_model_t **model);

#endif

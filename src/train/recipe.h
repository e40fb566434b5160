/* SPDX-License-Identifier: MIT
 *
 * Recipes: a network and its training as a JSON file (docs/reference/file-formats.md). */
#ifndef CD_TRAIN_RECIPE_H
#define CD_TRAIN_RECIPE_H

#include "model/model.h"

struct cnn_recipe {
    cnn_context_t *context; /* the struct holds a reference */
    char *text;             /* compact JSON, which models store in their metadata */
    const cnn_preset_info_t *preset; /* NULL if the recipe has a graph */
    cnn_graph_t *graph;              /* NULL if the recipe has a preset */
    cnn_preprocess_t preprocess; /* with all defaults filled in */
    cnn_initializer_t initializer;
    cnn_train_options_t options; /* values of the recipe, without defaults */
    double *class_weights;       /* array that options.class_weights points to, or NULL */
    char *freeze;                /* string that options.freeze points to, or NULL */
};

/* Reads a recipe from `length` bytes of text. name: the name of the file, for error messages. Free
 * *recipe with cd_recipe_free. Errors: ARGUMENT, naming the file and the key; MEMORY. */
cnn_status_t cd_recipe_parse(cnn_context_t *context, const char *name, const char *text,
                             size_t length, cnn_recipe_t **recipe);

/* Reads a recipe from a file. Free *recipe with cd_recipe_free. Errors: ARGUMENT, IO, MEMORY. */
cnn_status_t cd_recipe_load(cnn_context_t *context, const char *path, cnn_recipe_t **recipe);
void cd_recipe_free(cnn_recipe_t *recipe);

/* Creates a model from the recipe, as cnn_recipe_create_model does. options: a full copy of the
 * caller's options. Errors: ARGUMENT, MEMORY, SHAPE. */
cnn_status_t cd_recipe_model(const cnn_recipe_t *recipe, const cnn_model_options_t *options,
                             cnn_model_t **model);

#endif

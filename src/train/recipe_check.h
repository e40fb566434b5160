/* SPDX-License-Identifier: MIT
 *
 * Checks that a recipe is valid and that its sections fit together. */
#ifndef CD_TRAIN_RECIPE_CHECK_H
#define CD_TRAIN_RECIPE_CHECK_H

#include "train/recipe.h"

/* Checks a recipe. graph: the recipe's graph, or a graph of its preset. Errors: ARGUMENT, naming
 * the key. */
cnn_status_t cd_recipe_check(const cnn_recipe_t *recipe, const cnn_graph_t *graph);

#endif

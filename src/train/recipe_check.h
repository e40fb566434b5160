/* SPDX-License-Identifier: MIT
 *
 * Whether what a recipe says can be done, and its parts fit each other. */
#ifndef CD_TRAIN_RECIPE_CHECK_H
#define CD_TRAIN_RECIPE_CHECK_H

#include "io/json.h"
#include "train/recipe.h"

/* graph: the recipe's, or one of its preset; training: the member that recipe->options are of, or
 * NULL. Errors: ARGUMENT, naming the key. */
cnn_status_t cd_recipe_check(const cnn_recipe_t *recipe, const cnn_graph_t *graph,
                             json_t *training);

#endif

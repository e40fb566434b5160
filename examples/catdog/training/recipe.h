/* SPDX-License-Identifier: MIT
 *
 * Recipes: JSON files with a network and its training (docs/reference/file-formats.md). */
#ifndef CATDOG_RECIPE_H
#define CATDOG_RECIPE_H

#include "base/tool.h"

/* A row of an option table. */
#define RECIPE_OPTION(file)                                                                        \
    ARG_VALUE("recipe", OPTION_TEXT, file, "FILE",                                                 \
              "Take the network and the training from this JSON file. Other options override "     \
              "the file.")

enum { RECIPE_WEIGHTS = 100, RECIPE_NAME = 64 };

/* The texts that the training options of a recipe point to. */
struct recipe_texts {
    double class_weights[RECIPE_WEIGHTS];
    char freeze[RECIPE_NAME];
};

/* Overwrites *fit and *preprocess, whose struct_size is set, with a recipe's file. fit then points
 * to texts, and its seed is 0. *seed is the recipe's seed if it has one. *preset: NULL, or the
 * recipe's preset in static storage. Returns 0 or an exit status. */
int recipe_read(const char *file, cnn_train_options_t *fit, cnn_preprocess_t *preprocess,
                struct recipe_texts *texts, uint64_t *seed, const char **preset);

#endif

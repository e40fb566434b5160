/* SPDX-License-Identifier: MIT
 *
 * Reads recipes: JSON files that describe a network and its training
 * (docs/reference/file-formats.md). */
#ifndef CATDOG_RECIPE_H
#define CATDOG_RECIPE_H

#include "base/tool.h"

/* The row of an option table for --recipe. */
#define RECIPE_OPTION(file)                                                                        \
    ARG_VALUE("recipe", OPTION_TEXT, file, "FILE",                                                 \
              "Take the network and the training from this JSON file. Other options override "     \
              "the file.")

enum { RECIPE_WEIGHTS = 100, RECIPE_NAME = 64 };

/* Storage for the array and the string that the training options of a recipe point to. */
struct recipe_texts {
    double class_weights[RECIPE_WEIGHTS];
    char freeze[RECIPE_NAME];
};

/* Reads a recipe file and overwrites *fit and *preprocess, whose struct_size must be set. Pointers
 * in *fit then point into *texts. The recipe's seed is stored in *seed if it has one; fit->seed
 * becomes 0. If preset is not NULL, *preset becomes the name of the recipe's preset, in static
 * storage, or NULL. Returns 0 or an exit status. */
int recipe_read(const char *file, cnn_train_options_t *fit, cnn_preprocess_t *preprocess,
                struct recipe_texts *texts, uint64_t *seed, const char **preset);

#endif

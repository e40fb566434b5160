/* SPDX-License-Identifier: MIT
 *
 * The options of catdog train, and the checks of their combinations. */
#ifndef CATDOG_TRAIN_OPTIONS_H
#define CATDOG_TRAIN_OPTIONS_H

#include "photos/splits.h"
#include "training/recipe.h"

struct train_options {
    const char *folder;
    const char *preset;  /* exactly one of preset, recipe and from is not NULL */
    const char *recipe;  /* recipe file */
    const char *from;    /* model to fine-tune */
    const char *weights; /* model that supplies the initial weights, or NULL */
    const char *out;
    const char *history;    /* CSV file of the history, or NULL */
    const char *save_split; /* output file for the split list, or NULL */
    uint64_t seed;
    uint32_t threads;
    int json;
    int initializer;
    cnn_dataset_open_options_t dataset;
    struct splits_source source;
    struct photos_store store;
    cnn_preprocess_t preprocess; /* ignored if from is set: the model has its own */
    cnn_train_options_t fit;     /* training options, except callbacks and cancel */
    struct recipe_texts texts;   /* storage for the arrays and strings of fit */
};

extern struct train_options train_given;
extern const struct option train_option_table[];

/* Sets the defaults to the recipe's values. Implements set_defaults of struct command. */
int train_set_defaults(void);

/* Checks the combinations of options and fills the remaining fields of train_given. Returns 0 or an
 * exit status. */
int train_check_options(const struct command *command);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The command line of catdog train. */
#ifndef CATDOG_TRAIN_OPTIONS_H
#define CATDOG_TRAIN_OPTIONS_H

#include "photos/splits.h"
#include "training/recipe.h"

struct train_options {
    const char *folder;
    const char *preset;  /* one of preset, recipe and from is not NULL */
    const char *recipe;  /* a recipe's file */
    const char *from;    /* a model to fine-tune */
    const char *weights; /* NULL, or a model whose weights are the initial ones */
    const char *out;
    const char *history;    /* CSV file of the history, or NULL */
    const char *save_split; /* split list to write, or NULL */
    uint64_t seed;
    uint32_t threads;
    int json;
    int initializer;
    cnn_dataset_open_options_t dataset;
    struct splits_source source;
    struct photos_store store;
    cnn_preprocess_t preprocess; /* unused with from, which has its own */
    cnn_train_options_t fit;     /* the options, except callbacks and cancel */
    struct recipe_texts texts;   /* the texts that fit points to */
};

extern struct train_options train_given;
extern const struct option train_option_table[];

/* Takes the recipe's values as defaults (struct command). */
int train_set_defaults(void);

/* Checks combinations and completes train_given. Returns 0 or an exit status. */
int train_check_options(const struct command *command);

#endif

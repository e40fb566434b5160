/* SPDX-License-Identifier: MIT
 *
 * The command line of catdog train. */
#ifndef CATDOG_TRAIN_OPTIONS_H
#define CATDOG_TRAIN_OPTIONS_H

#include "training/augmentation.h"
#include "training/training.h"

struct train_options {
    const char *folder;
    const char *preset; /* or */
    const char *recipe; /* a file, or */
    const char *from;   /* a model's file, or "builtin" */
    const char *weights; /* NULL, or a model whose weights preset or recipe begin with */
    const char *out;
    const char *history;    /* or NULL */
    const char *split_list; /* or NULL */
    uint64_t seed;
    uint32_t threads;
    int json;
    int loss; /* a cnn_loss_t, or -1: by the number of classes */
    int initializer;
    cnn_dataset_open_options_t dataset;
    struct training_division division;
    struct photos_store store;
    cnn_preprocess_t preprocess; /* height and width are not 0; nothing said with from */
    struct recipe_texts texts; /* what fit points to */
    cnn_train_options_t fit;     /* without loss, callbacks, cancel */
};

/* As args_parse. Also sees to it that every file to be written can be. */
int train_options_parse(struct train_options *o, int argc, char **argv);

#endif

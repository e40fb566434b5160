/* SPDX-License-Identifier: MIT
 *
 * A folder divided into a training set and a validation set. */
#ifndef CATDOG_SPLITS_H
#define CATDOG_SPLITS_H

#include <stdio.h>

#include "photos/photos.h"

struct splits {
    cnn_dataset_t *whole; /* the whole folder; its pixels are not loaded */
    cnn_dataset_t *train;
    cnn_dataset_t *validation;
    cnn_preprocess_t preprocess[2]; /* how training and validation photos are loaded */
};

/* How the photos are divided. */
struct splits_source {
    const char *list; /* a split list with the subsets "train" and "validation"; or NULL: */
    cnn_dataset_split_options_t sizes;
};

/* Opens the folder, divides it, and prints classes and counts on `text`, before photos are loaded,
 * which may take long. preprocess: the network's input; fit: NULL, or the training options. Returns
 * the exit status. *splits may be released in either case. */
int splits_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct splits_source *source,
                const cnn_preprocess_t *preprocess, const cnn_train_options_t *fit, FILE *text,
                struct splits *splits);

/* Divides splits->whole, which was opened from the folder. Returns the exit status. */
int splits_divide(const char *folder, const struct splits_source *source, struct splits *splits);

/* Loads both sets, which share the memory limit of the store. Returns the exit status. */
int splits_load(const struct tool *tool, const struct photos_store *store, struct splits *splits);

void splits_print_skipped(const struct splits *splits);
json_t *splits_skipped_json(const struct splits *splits);

void splits_release(struct splits *splits);

#endif

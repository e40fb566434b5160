/* SPDX-License-Identifier: MIT
 *
 * Divides a folder of photos into a training set and a validation set. */
#ifndef CATDOG_SPLITS_H
#define CATDOG_SPLITS_H

#include <stdio.h>

#include "photos/photos.h"

struct splits {
    cnn_dataset_t *whole; /* all photos of the folder; pixels are not loaded */
    cnn_dataset_t *train;
    cnn_dataset_t *validation;
    cnn_preprocess_t preprocess[2]; /* preprocessing for training and for validation */
};

/* How the photos are divided: by a split list or, if list is NULL, at random. */
struct splits_source {
    const char *list; /* split list with the subsets "train" and "validation", or NULL */
    cnn_dataset_split_options_t sizes;
};

/* Opens the folder, divides its photos, and prints classes and counts on `text`. The photos are not
 * loaded yet: call splits_load(). preprocess: the network's preprocessing; fit: the training
 * options, or NULL for the defaults. Returns the exit status. Call splits_release() on success and
 * on failure. */
int splits_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct splits_source *source,
                const cnn_preprocess_t *preprocess, const cnn_train_options_t *fit, FILE *text,
                struct splits *splits);

/* Divides splits->whole, the dataset of the folder, into train and validation. Returns the exit
 * status. */
int splits_divide(const char *folder, const struct splits_source *source, struct splits *splits);

/* Loads both sets. They share the memory limit of `store`. Returns the exit status. */
int splits_load(const struct tool *tool, const struct photos_store *store, struct splits *splits);

void splits_print_skipped(const struct splits *splits);
json_t *splits_skipped_json(const struct splits *splits);

void splits_release(struct splits *splits);

#endif

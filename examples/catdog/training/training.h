/* SPDX-License-Identifier: MIT
 *
 * The steps of a training that `train` and `article` share: photos in two parts, a model, a fit
 * that shows how it goes. Text goes to `text`: stdout, or stderr where stdout is kept for JSON. */
#ifndef CATDOG_TRAINING_H
#define CATDOG_TRAINING_H

#include <stdio.h>

#include "photos/photos.h"

struct parts {
    cnn_dataset_t *whole; /* listed only; knows what was left out at once */
    cnn_dataset_t *train;
    cnn_dataset_t *validation;
    cnn_preprocess_t preprocess[2]; /* how the two are loaded */
};

/* How the photos are shared out. */
struct training_division {
    const char *list; /* a part list, whose parts "train" and "validation" count; or NULL: */
    cnn_dataset_split_options_t split;
};

/* Opens the folder, splits it, and tells classes, counts and memory: what there is to be known
 * before photos are loaded, which may take long. preprocess: the network's; fit: may be NULL.
 * Returns the exit status; *parts may be released whatever it is. */
int training_open(const struct tool *tool, const char *folder,
                  const cnn_dataset_open_options_t *dataset_options,
                  const struct training_division *division, const cnn_preprocess_t *preprocess,
                  const cnn_train_options_t *fit, FILE *text, struct parts *parts);

/* Loads both parts, which share the memory that store allows. Returns the exit status. */
int training_load(const struct tool *tool, const struct photos_store *store, struct parts *parts);

/* The two parts of parts->whole, which was opened from the folder. Returns the exit status. */
int training_divide(const char *folder, const struct training_division *division,
                    struct parts *parts);

void training_release(struct parts *parts);

/* Tells what was left out while opening and loading. */
void training_print_skipped(const struct parts *parts);

/* The network of a preset or, if that is NULL, of a recipe's file, with the classes of the data
 * set. Returns the exit status. */
int training_create_model(const struct tool *tool, const char *preset, const char *recipe,
                          const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                          cnn_initializer_t initializer, cnn_model_t **model);

/* A model made of another one for the classes of the data set (cnn_model_adapt). Returns the exit
 * status. */
int training_adapt_model(const cnn_model_t *from, const cnn_dataset_t *dataset,
                         cnn_initializer_t initializer, cnn_model_t **model);

/* Puts in the mean and std that the preset was tuned with, unless some are given. */
void training_normalise(const char *preset, cnn_preprocess_t *preprocess);

/* cnn_model_train with a bar for the batches and a line for each epoch on stderr. options: complete
 * but for callbacks and cancel. */
cnn_status_t training_fit(const struct tool *tool, cnn_model_t *model, const struct parts *parts,
                          cnn_train_options_t options, cnn_history_t **history);

/* Puts the preset's mirror and batch size in, where options have none. */
void training_batches(const char *preset, cnn_train_options_t *options);

/* Nonzero if a preset has the name (which may be NULL); else known lists their names. */
int training_knows_preset(const char *name, char *known, size_t size);

#endif

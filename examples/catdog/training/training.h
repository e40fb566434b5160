/* SPDX-License-Identifier: MIT
 *
 * The steps of a training that train and article share: a model, the preset's defaults, and a fit
 * that shows its progress. */
#ifndef CATDOG_TRAINING_H
#define CATDOG_TRAINING_H

#include "photos/splits.h"

/* Creates a model for the classes of a dataset: the network of a preset or, if preset is NULL, of a
 * recipe's file. Returns the exit status. */
int training_create_model(const struct tool *tool, const char *preset, const char *recipe,
                          const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                          cnn_initializer_t initializer, cnn_model_t **model);

/* Adapts a model to the classes of a dataset (cnn_model_adapt). Returns the exit status. */
int training_adapt_model(const cnn_model_t *from, const cnn_dataset_t *dataset,
                         cnn_initializer_t initializer, cnn_model_t **model);

/* Sets mean and std to the preset's unless one of them is given. */
void training_normalise(const char *preset, cnn_preprocess_t *preprocess);

/* Sets mirror and batch size to the preset's unless they are given. */
void training_set_batches(const char *preset, cnn_train_options_t *options);

/* Trains with a progress bar for the batches and a line for each epoch on stderr. options: all but
 * the callbacks and cancel. */
cnn_status_t training_fit(const struct tool *tool, cnn_model_t *model, const struct splits *splits,
                          cnn_train_options_t options, cnn_history_t **history);

#endif

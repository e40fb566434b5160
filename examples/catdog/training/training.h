/* SPDX-License-Identifier: MIT
 *
 * The steps of training that the commands train and article share: create a model, apply the
 * preset's defaults, and train with a progress bar. */
#ifndef CATDOG_TRAINING_H
#define CATDOG_TRAINING_H

#include "photos/splits.h"

/* Creates a model for the classes of a dataset. Its network is the preset or, if preset is NULL,
 * the network of the recipe file. Returns the exit status. */
int training_create_model(const struct tool *tool, const char *preset, const char *recipe,
                          const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                          cnn_initializer_t initializer, cnn_model_t **model);

/* Adapts a model to the classes of a dataset (cnn_model_adapt). Returns the exit status. */
int training_adapt_model(const cnn_model_t *from, const cnn_dataset_t *dataset,
                         cnn_initializer_t initializer, cnn_model_t **model);

/* Sets mean and std to the preset's values, unless one of them is already set. */
void training_normalise(const char *preset, cnn_preprocess_t *preprocess);

/* Sets mirror and batch_size to the preset's values, each unless it is already set. */
void training_set_batches(const char *preset, cnn_train_options_t *options);

/* Trains the model. Shows a progress bar and a line for each epoch on stderr. options: the training
 * options; the callbacks and the cancel flag are set by this function. */
cnn_status_t training_fit(const struct tool *tool, cnn_model_t *model, const struct splits *splits,
                          cnn_train_options_t options, cnn_history_t **history);

#endif

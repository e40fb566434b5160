/* SPDX-License-Identifier: MIT
 *
 * A context, two datasets and a model for tests that train on the toy task. */
#ifndef TESTS_SUPPORT_TOY_FIT_H
#define TESTS_SUPPORT_TOY_FIT_H

#include "support/toy.h"

enum { TOY_FIT_TRAINING = 150, TOY_FIT_VALIDATION = 60, TOY_FIT_BATCH = 16 };

/* The fixture. toy_fit_setup sets all fields; history is NULL until toy_fit_run sets it.
 * toy_fit_teardown frees all. */
extern struct toy_fit {
    cnn_context_t *context;
    cnn_dataset_t *training, *validation;
    cnn_model_t *model;
    cnn_history_t *history;
} toy;

void toy_fit_setup(void);
void toy_fit_teardown(void);

/* Returns options for this number of epochs and batches of TOY_FIT_BATCH samples. */
cnn_train_options_t toy_fit_options(uint32_t epochs);

/* Trains toy.model on toy.training and sets toy.history. validation may be NULL. */
cnn_status_t toy_fit_run(const cnn_train_options_t *options, cnn_dataset_t *validation);

/* Returns epoch `index` (from 0) of toy.history. */
cnn_epoch_t toy_fit_epoch(size_t index);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Trainings of the toy task that write a checkpoint, for tests that stop and resume them. */
#ifndef TESTS_SUPPORT_CHECKPOINT_RUN_H
#define TESTS_SUPPORT_CHECKPOINT_RUN_H

#include "support/photo_folder.h"
#include "support/toy.h"

enum { CHECKPOINT_EPOCHS = 5 };

/* The fixture: checkpoint_setup makes all of it. A test may put other datasets, or NULL for
 * validation, in their place and must then free or restore them. */
extern struct checkpoint_fixture {
    struct photo_folder folder;
    char path[FOLDER_PATH_SIZE]; /* path of the checkpoint */
    cnn_context_t *context;
    cnn_dataset_t *train, *validation;
} run;

void checkpoint_setup(void);
void checkpoint_teardown(void);

/* The two halves of the setup. Making the data starts threads, so a test that forks makes the
 * folder, forks, and then makes the data. */
void checkpoint_make_folder(void);
void checkpoint_make_data(void);

/* Options for CHECKPOINT_EPOCHS epochs with the checkpoint of the fixture; and the same options
 * with resume. */
cnn_train_options_t checkpoint_options(void);
cnn_train_options_t checkpoint_resuming(cnn_train_options_t options);

struct checkpoint_result {
    cnn_model_t *model;
    cnn_history_t *history;
    cnn_status_t status;
};

/* Trains a model whose fresh weights are drawn from model_seed, and stops after epoch number stop
 * (0: never). Release the result. */
struct checkpoint_result checkpoint_run(cnn_train_options_t options, uint32_t stop,
                                        uint64_t model_seed);
void checkpoint_release(struct checkpoint_result *result);

/* 1 if status, weights, history and the record in the model are the same, bit by bit. */
int checkpoint_same(const struct checkpoint_result *a, const struct checkpoint_result *b);

#endif

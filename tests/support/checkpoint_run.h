/* SPDX-License-Identifier: MIT
 *
 * Trains on the toy task (support/toy.h) with a checkpoint, for tests that stop and resume. */
#ifndef TESTS_SUPPORT_CHECKPOINT_RUN_H
#define TESTS_SUPPORT_CHECKPOINT_RUN_H

#include "support/photo_folder.h"
#include "support/toy.h"

enum { CHECKPOINT_EPOCHS = 5 };

/* The fixture; checkpoint_setup fills all fields. A test may replace a dataset by another one, or
 * validation by NULL. It must free the original dataset, or restore it before the teardown. */
extern struct checkpoint_fixture {
    struct photo_folder folder;
    char path[FOLDER_PATH_SIZE]; /* path of the checkpoint file */
    cnn_context_t *context;
    cnn_dataset_t *train, *validation;
} run;

void checkpoint_setup(void);
void checkpoint_teardown(void);

/* The two steps of checkpoint_setup. checkpoint_make_data starts threads, so a test that forks must
 * call it after fork(). */
void checkpoint_make_folder(void);
void checkpoint_make_data(void);

/* checkpoint_options returns options that train CHECKPOINT_EPOCHS epochs and write run.path.
 * checkpoint_resuming returns a copy of options with resume set. */
cnn_train_options_t checkpoint_options(void);
cnn_train_options_t checkpoint_resuming(cnn_train_options_t options);

struct checkpoint_result {
    cnn_model_t *model;
    cnn_history_t *history;
    cnn_status_t status;
};

/* Trains a new model, whose initial weights are drawn from model_seed. Training stops after epoch
 * `stop`; 0 = after the last epoch. Release the result with checkpoint_release. */
struct checkpoint_result checkpoint_run(cnn_train_options_t options, uint32_t stop,
                                        uint64_t model_seed);
void checkpoint_release(struct checkpoint_result *result);

/* Returns 1 if status, parameters, history and the metadata "training" are bit-for-bit equal. */
int checkpoint_same(const struct checkpoint_result *a, const struct checkpoint_result *b);

#endif

/* SPDX-License-Identifier: MIT */
#include "support/checkpoint_run.h"

#include <stdio.h>
#include <string.h>

struct checkpoint_fixture run;

void checkpoint_make_folder(void)
{
    folder_make(&run.folder);
    snprintf(run.path, sizeof run.path, "%s", folder_path(&run.folder, "checkpoint"));
}

void checkpoint_make_data(void)
{
    run.context = toy_context(2);
    run.train = toy_data(run.context, 70, 2, 1);
    run.validation = toy_data(run.context, 30, 2, 2);
}

void checkpoint_setup(void)
{
    checkpoint_make_folder();
    checkpoint_make_data();
}

void checkpoint_teardown(void)
{
    cnn_dataset_free(run.train);
    cnn_dataset_free(run.validation);
    cnn_context_free(run.context);
    folder_remove(&run.folder);
}

cnn_train_options_t checkpoint_options(void)
{
    return (cnn_train_options_t){.struct_size = sizeof(cnn_train_options_t),
                                 .epochs = CHECKPOINT_EPOCHS,
                                 .batch_size = 16,
                                 .learning_rate = 0.01f,
                                 .seed = 7,
                                 .checkpoint = run.path};
}

cnn_train_options_t checkpoint_resuming(cnn_train_options_t options)
{
    options.resume = 1;
    return options;
}

static int stop_at(const cnn_epoch_t *epoch, void *user)
{
    return epoch->epoch == *(uint32_t *)user;
}

struct checkpoint_result checkpoint_run(cnn_train_options_t options, uint32_t stop,
                                        uint64_t model_seed)
{
    struct checkpoint_result r = {.model = toy_model(run.context, TOY_FULL, 2, model_seed)};

    options.on_epoch = stop_at;
    options.user = &stop;
    r.status = cnn_model_train(r.model, run.train, run.validation, &options, &r.history);
    return r;
}

void checkpoint_release(struct checkpoint_result *result)
{
    cnn_model_free(result->model);
    cnn_history_free(result->history);
}

int checkpoint_same(const struct checkpoint_result *a, const struct checkpoint_result *b)
{
    return a->status == b->status && toy_same_weights(a->model, b->model) &&
           toy_same_history(a->history, b->history) &&
           strcmp(cnn_model_metadata(a->model, "training"),
                  cnn_model_metadata(b->model, "training")) == 0;
}

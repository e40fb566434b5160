/* SPDX-License-Identifier: MIT */
#include "support/toy_fit.h"

#include <check.h>
#include <string.h>

struct toy_fit toy;

void toy_fit_setup(void)
{
    toy.context = toy_context(2);
    toy.training = toy_data(toy.context, TOY_FIT_TRAINING, 2, 1);
    toy.validation = toy_data(toy.context, TOY_FIT_VALIDATION, 2, 2);
    toy.model = toy_model(toy.context, TOY_PLAIN, 2, 3);
    toy.history = NULL;
}

void toy_fit_teardown(void)
{
    cnn_history_free(toy.history);
    cnn_model_free(toy.model);
    cnn_dataset_free(toy.training);
    cnn_dataset_free(toy.validation);
    cnn_context_free(toy.context);
    memset(&toy, 0, sizeof toy);
}

cnn_train_options_t toy_fit_options(uint32_t epochs)
{
    return (cnn_train_options_t){sizeof(cnn_train_options_t), .epochs = epochs,
                                 .batch_size = TOY_FIT_BATCH, .learning_rate = 0.003f, .seed = 7};
}

cnn_status_t toy_fit_run(const cnn_train_options_t *options, cnn_dataset_t *validation)
{
    return cnn_model_train(toy.model, toy.training, validation, options, &toy.history);
}

cnn_epoch_t toy_fit_epoch(size_t index)
{
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    ck_assert_int_eq(cnn_history_epoch(toy.history, index, &epoch), CNN_OK);
    return epoch;
}

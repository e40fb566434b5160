/* SPDX-License-Identifier: MIT */
#include "train/training.h"

#include "core/clock.h"
#include "train/training_checkpoint.h"
#include "train/training_epoch.h"
#include "train/training_prepare.h"
#include "train/training_record.h"
#include "train/training_state.h"

/* Returns 1 if training stops early: the validation loss has not improved for `patience` epochs. */
static int stops_early(const struct cd_training *training)
{
    const uint32_t patience = training->options->patience;

    return patience != 0 && training->history->count - training->history->best_epoch >= patience;
}

static int is_finished(const struct cd_training *training)
{
    return training->history->count >= training->options->epochs || stops_early(training);
}

/* Returns 1 if the epoch is the best so far. Without validation data, every epoch is better than
 * the ones before it. */
static int is_best(const struct cd_training *training, const cnn_epoch_t *epoch)
{
    const cnn_history_t *history = training->history;

    return !training->validation.data || history->best_epoch == 0 ||
           epoch->val_loss < history->epochs[history->best_epoch - 1].val_loss;
}

static cnn_status_t add_to_history(struct cd_training *training, const cnn_epoch_t *epoch)
{
    const int best = is_best(training, epoch);

    CD_TRY(cd_history_add(training->history, epoch));
    if (best) {
        training->history->best_epoch = (uint32_t)training->history->count;
        cd_training_keep_weights(training);
    }
    return CNN_OK;
}

/* Calls on_epoch. Errors: CANCELLED. */
static cnn_status_t report_epoch(const struct cd_training *training)
{
    const cnn_train_options_t *options = training->options;
    const cnn_epoch_t epoch = training->history->epochs[training->history->count - 1];

    if (options->on_epoch && options->on_epoch(&epoch, options->user) != 0)
        return cd_training_stopped(training, "on_epoch");
    return CNN_OK;
}

static cnn_status_t run_epoch(struct cd_training *training)
{
    const double begin = cd_clock_seconds(), waited = training->loader->wait;
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    CD_TRY(cd_training_epoch(training, &epoch));
    CD_TRY(cd_training_validate(training, &epoch));
    epoch.seconds = cd_clock_seconds() - begin;
    epoch.data_wait_seconds = training->loader->wait - waited;
    CD_TRY(add_to_history(training, &epoch));
    CD_TRY(cd_training_save_checkpoint(training));
    return report_epoch(training);
}

static cnn_status_t record_training(const struct cd_training *training)
{
    return cd_training_record(training->model, training->options, training->train.data->count,
                              training->class_weights, training->history);
}

static cnn_status_t run_epochs(struct cd_training *training)
{
    cnn_status_t rc = CNN_OK;

    while (rc == CNN_OK && !is_finished(training))
        rc = run_epoch(training);
    cd_training_choose_weights(training);
    const cnn_status_t recorded = record_training(training);
    return rc == CNN_OK ? recorded : rc;
}

cnn_status_t cd_training_run(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                             const cnn_train_options_t *options, cnn_history_t **history)
{
    struct cd_training training = {.context = model->context, .model = model, .options = options};
    cnn_status_t rc;

    CD_TRY(cd_training_prepare(model, data, validation, options));
    CD_TRY_FAIL(cd_training_init(&training, data, validation));
    CD_TRY_FAIL(cd_training_resume(&training));
    /* fails early if the model has no room for the record */
    CD_TRY_FAIL(record_training(&training));
    rc = run_epochs(&training);
    if (history) {
        *history = training.history;
        training.history = NULL;
    }
fail:
    cd_training_release(&training);
    return rc;
}

/* SPDX-License-Identifier: MIT */
#include "train/fit.h"

#include "core/clock.h"
#include "train/fit_checkpoint.h"
#include "train/fit_epoch.h"
#include "train/fit_prepare.h"
#include "train/fit_state.h"
#include "train/training_record.h"

/* Early stopping: for `patience` epochs no validation loss was lower than the best. */
static int stops_early(const struct cd_fit *fit)
{
    const uint32_t patience = fit->options->patience;

    return patience != 0 && fit->history->count - fit->history->best_epoch >= patience;
}

static int is_finished(const struct cd_fit *fit)
{
    return fit->stopped || fit->history->count >= fit->options->epochs || stops_early(fit);
}

/* Without validation data the last epoch is the best. */
static int is_best(const struct cd_fit *fit, const cnn_epoch_t *epoch)
{
    const cnn_history_t *history = fit->history;

    return !fit->validation.data || history->best_epoch == 0 ||
           epoch->val_loss < history->epochs[history->best_epoch - 1].val_loss;
}

static cnn_status_t add_to_history(struct cd_fit *fit, const cnn_epoch_t *epoch)
{
    const int best = is_best(fit, epoch);

    CD_TRY(cd_history_add(fit->history, epoch));
    if (best) {
        fit->history->best_epoch = (uint32_t)fit->history->count;
        cd_fit_keep_weights(fit);
    }
    return CNN_OK;
}

static void report_epoch(struct cd_fit *fit)
{
    const cnn_train_options_t *options = fit->options;
    const cnn_epoch_t epoch = fit->history->epochs[fit->history->count - 1];

    if (options->on_epoch && options->on_epoch(&epoch, options->user) != 0)
        fit->stopped = 1;
}

static cnn_status_t run_epoch(struct cd_fit *fit)
{
    const double begin = cd_clock_seconds(), waited = fit->loader->wait;
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    CD_TRY(cd_fit_train_epoch(fit, &epoch));
    if (fit->stopped) /* within the epoch, which then has no entry in the history */
        return CNN_OK;
    CD_TRY(cd_fit_validate(fit, &epoch));
    epoch.seconds = cd_clock_seconds() - begin;
    epoch.data_wait_s = fit->loader->wait - waited;
    CD_TRY(add_to_history(fit, &epoch));
    CD_TRY(cd_fit_save_checkpoint(fit));
    report_epoch(fit);
    return CNN_OK;
}

static cnn_status_t record_training(const struct cd_fit *fit)
{
    return cd_training_record(fit->model, fit->options, fit->training.data->count,
                              fit->class_weights, fit->history);
}

static cnn_status_t run_epochs(struct cd_fit *fit)
{
    cnn_status_t rc = CNN_OK;

    while (rc == CNN_OK && !is_finished(fit))
        rc = run_epoch(fit);
    cd_fit_choose_weights(fit);
    const cnn_status_t recorded = record_training(fit);
    return rc == CNN_OK ? recorded : rc;
}

cnn_status_t cd_fit(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                    const cnn_train_options_t *options, cnn_history_t **history)
{
    struct cd_fit fit = {.context = model->context, .model = model, .options = options};
    cnn_status_t rc;

    CD_TRY(cd_fit_prepare(model, data, validation, options));
    CD_TRY_FAIL(cd_fit_init(&fit, data, validation));
    CD_TRY_FAIL(cd_fit_resume(&fit));
    CD_TRY_FAIL(record_training(&fit)); /* a model without room for the record fails early */
    rc = run_epochs(&fit);
    if (history) {
        *history = fit.history;
        fit.history = NULL;
    }
fail:
    cd_fit_release(&fit);
    return rc;
}

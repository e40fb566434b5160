/* SPDX-License-Identifier: MIT */
#include "train/fit.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/random.h"
#include "train/class_weight.h"
#include "train/fit_state.h"
#include "train/freeze.h"
#include "train/loss.h"
#include "evaluate/metrics.h"
#include "train/prepare.h"
#include "train/train_options.h"
#include "train/training_record.h"

/* ---- an epoch ---- */

static cnn_status_t cancelled(const struct cd_fit *fit)
{
    if (!cd_cancelled(fit->options->cancel))
        return CNN_OK;
    return cd_error(CNN_ERROR_CANCELLED, "training cancelled on request");
}

static cnn_status_t not_finite(const struct cd_fit *fit, const char *what)
{
    return cd_error(CNN_ERROR_NAN,
                    "epoch %zu: %s no longer a finite number; a smaller learning rate may help",
                    fit->history->count + 1, what);
}

/* The callback after a batch. */
static void report_batch(struct cd_fit *fit, size_t images, double loss, double seconds)
{
    const cnn_train_options_t *options = fit->options;
    const cnn_train_progress_t progress = {
        .struct_size = sizeof progress,
        .epoch = (uint32_t)fit->history->count + 1,
        .epochs = options->epochs,
        .images = images,
        .images_total = fit->train.data->count,
        .loss = loss,
        .seconds = seconds,
        .images_per_second = seconds > 0 ? (double)images / seconds : 0,
    };
    if (options->on_batch && options->on_batch(&progress, options->user) != 0)
        fit->stop = 1;
}

/* Step number of the epoch on a batch of at least one picture. */
static cnn_status_t run_batch(struct cd_fit *fit, const struct cd_batch *batch, size_t number,
                              cnn_epoch_t *epoch, double *loss)
{
    const uint64_t step = fit->history->count * fit->steps + number;
    struct cd_part *part = &fit->train;
    const struct cd_targets targets = {
        .labels = batch->labels,
        .mixtures = batch->mixtures,
        .smoothing = (double)fit->options->label_smoothing,
        .weights = fit->class_weights,
    };

    epoch->learning_rate = cd_schedule_rate(&fit->schedule, step);
    memcpy(part->labels + part->n, batch->labels, batch->n * sizeof *batch->labels);
    *loss = cd_trainer_step(&fit->trainer, batch->x, &targets, batch->n, step,
                            epoch->learning_rate, part->outputs + part->n * fit->trainer.outputs);
    cd_average_step(&fit->average, fit->model, step);
    if (number == 0) /* it was found for the weights before */
        cd_model_set_metadata(fit->model, "calibration", NULL);
    part->n += batch->n;
    return isfinite(*loss) ? CNN_OK : not_finite(fit, "the loss is");
}

static cnn_status_t begin_pass(struct cd_fit *fit)
{
    const uint64_t seed = fit->options->seed, epoch = fit->history->count + 1;
    const struct cd_loader_pass pass = {
        .data = fit->train.data,
        .table = (const float(*)[256])fit->table,
        .order = fit->order,
        .height = fit->model->preprocess.height,
        .width = fit->model->preprocess.width,
        .augmentation = cd_train_options_augmentation(fit->options, epoch)};

    cd_loader_shuffle(seed, epoch, fit->order, fit->train.data->count);
    fit->train.n = 0;
    return cd_loader_begin(fit->loader, &pass);
}

static cnn_status_t check_photos(const struct cd_fit *fit, const struct cd_part *part)
{
    if (part->n > 0)
        return CNN_OK;
    return cd_error(CNN_ERROR_IO,
                    "epoch %zu: none of %zu photos can be read any more; the log says why",
                    fit->history->count + 1, part->data->count);
}

/* All batches, unless it is cancelled or stopped. */
static cnn_status_t run_batches(struct cd_fit *fit, cnn_epoch_t *epoch)
{
    const size_t count = fit->train.data->count;
    const double begin = cd_clock_seconds();
    struct cd_batch batch;
    size_t number = 0;
    double sum = 0, loss;

    CD_TRY(begin_pass(fit));
    for (size_t done = 0; done < count && !fit->stop; done += batch.taken, number++) {
        CD_TRY(cancelled(fit));
        CD_TRY(cd_loader_next(fit->loader, &batch));
        if (batch.n == 0)
            continue;
        CD_TRY(run_batch(fit, &batch, number, epoch, &loss));
        sum += loss * (double)batch.n;
        epoch->loss = sum / (double)fit->train.n;
        epoch->seconds = cd_clock_seconds() - begin;
        report_batch(fit, done + batch.taken, epoch->loss, epoch->seconds);
    }
    CD_TRY(check_photos(fit, &fit->train));
    epoch->images_per_second =
        epoch->seconds > 0 ? (double)fit->train.n / epoch->seconds : 0;
    return cancelled(fit);
}

static struct cd_predictions predictions_of(const struct cd_fit *fit, const struct cd_part *part)
{
    return (struct cd_predictions){
        .outputs = part->outputs,
        .columns = fit->trainer.outputs,
        .labels = part->labels,
        .n = part->n,
        .n_classes = fit->model->n_classes,
    };
}

static cnn_status_t validate(struct cd_fit *fit, cnn_epoch_t *epoch)
{
    struct cd_part *part = &fit->validation;
    const struct cd_targets targets = {.labels = part->labels};
    const struct cd_sweep sweep = {
        .model = fit->model,
        .weights = cd_fit_weights(fit),
        .statistics = cd_fit_statistics(fit),
        .data = part->data,
        .plan = fit->trainer.plan,
        .loader = fit->loader,
        .table = (const float(*)[256])fit->table,
        .outputs = part->outputs,
        .labels = part->labels,
        .cancel = fit->options->cancel,
    };

    epoch->val_loss = epoch->val_mse = epoch->val_accuracy = epoch->val_pearson = NAN;
    if (!part->data)
        return CNN_OK;
    CD_TRY(cd_sweep_run(&sweep, &part->n));
    CD_TRY(check_photos(fit, part));
    const struct cd_predictions predictions = predictions_of(fit, part);
    epoch->val_loss = cd_loss_batch(fit->options->loss, part->outputs, &targets, part->n,
                                    fit->trainer.outputs, NULL);
    epoch->val_mse = cd_metrics_mse(&predictions);
    epoch->val_accuracy = cd_metrics_accuracy(&predictions);
    epoch->val_pearson = cd_metrics_pearson(&predictions);
    return isfinite(epoch->val_loss) ? CNN_OK : not_finite(fit, "the validation loss is");
}

/* Enters the epoch; its weights are kept if they are the best so far. */
static cnn_status_t enter_epoch(struct cd_fit *fit, const cnn_epoch_t *epoch)
{
    cnn_history_t *history = fit->history;

    CD_TRY(cd_history_add(history, epoch));
    if (!fit->validation.data || history->best_epoch == 0 ||
        epoch->val_loss < history->epochs[history->best_epoch - 1].val_loss) {
        history->best_epoch = (uint32_t)history->count;
        cd_fit_keep_weights(fit);
    }
    return CNN_OK;
}

static cnn_status_t run_epoch(struct cd_fit *fit)
{
    const cnn_train_options_t *options = fit->options;
    const double begin = cd_clock_seconds(), waited = fit->loader->wait;
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    CD_TRY(run_batches(fit, &epoch));
    if (fit->stop)
        return CNN_OK;
    const struct cd_predictions predictions = predictions_of(fit, &fit->train);
    epoch.mse = cd_metrics_mse(&predictions);
    epoch.accuracy = cd_metrics_accuracy(&predictions);
    epoch.pearson = cd_metrics_pearson(&predictions);
    if (!cd_trainer_finite(&fit->trainer))
        return not_finite(fit, "a weight is");
    CD_TRY(validate(fit, &epoch));
    epoch.seconds = cd_clock_seconds() - begin;
    epoch.data_wait_s = fit->loader->wait - waited;
    CD_TRY(enter_epoch(fit, &epoch));
    CD_TRY(cd_fit_save(fit));
    epoch = fit->history->epochs[fit->history->count - 1];
    if (options->on_epoch && options->on_epoch(&epoch, options->user) != 0)
        fit->stop = 1;
    return CNN_OK;
}

static int out_of_patience(const struct cd_fit *fit)
{
    const uint32_t patience = fit->options->patience;
    return patience != 0 && fit->history->count - fit->history->best_epoch >= patience;
}

static cnn_status_t run_epochs(struct cd_fit *fit)
{
    while (fit->history->count < fit->options->epochs && !fit->stop && !out_of_patience(fit))
        CD_TRY(run_epoch(fit));
    return CNN_OK;
}

/* ---- the whole ---- */

/* Whether loss and frozen layers are possible with the network. */
static cnn_status_t check_graph(const cnn_model_t *model, const cnn_train_options_t *options)
{
    size_t nodes;
    cnn_status_t rc = cd_loss_check(model->graph, options->loss);

    if (rc == CNN_OK)
        rc = cd_freeze_nodes(model->graph, options->freeze, &nodes);
    return rc == CNN_OK ? rc : cd_error(rc, "cnn_train_options_t: %s", cd_error_message());
}

/* Loading may take minutes, so what can be told without comes first. */
static cnn_status_t prepare(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                            const cnn_train_options_t *options)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};

    CD_TRY(cd_prepare_check(model, data));
    CD_TRY(check_graph(model, options));
    CD_TRY(cd_class_weight_check(options, model->n_classes));
    if (validation)
        CD_TRY(cd_prepare_check(model, validation));
    else if (options->patience)
        return cd_error(CNN_ERROR_ARGUMENT, "cnn_train_options_t: patience needs validation data");
    CD_TRY(cd_prepare_training(model, options, data, &load));
    return validation ? cd_prepare_data(model, validation, &load) : CNN_OK;
}

cnn_status_t cd_fit(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                    const cnn_train_options_t *options, cnn_history_t **history)
{
    struct cd_fit fit = {.context = model->context, .model = model, .options = options};
    cnn_status_t rc;

    CD_TRY(prepare(model, data, validation, options));
    CD_TRY_FAIL(cd_fit_init(&fit, data, validation));
    CD_TRY_FAIL(cd_fit_resume(&fit));
    /* Before the work too: a model that has no room for the record says so now. */
    CD_TRY_FAIL(cd_training_record(model, options, data->count, fit.class_weights, fit.history));
    rc = run_epochs(&fit);
    cd_fit_choose_weights(&fit);
    const cnn_status_t recorded =
        cd_training_record(model, options, data->count, fit.class_weights, fit.history);
    if (rc == CNN_OK)
        rc = recorded;
    if (history) {
        *history = fit.history;
        fit.history = NULL;
    }
fail:
    cd_fit_release(&fit);
    return rc;
}

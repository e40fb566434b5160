/* SPDX-License-Identifier: MIT */
#include "train/fit_epoch.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "evaluate/metrics.h"
#include "evaluate/prediction_pass.h"
#include "train/train_options.h"

/* ---- errors that end a training ---- */

static cnn_status_t check_cancelled(const struct cd_fit *fit)
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

static cnn_status_t check_photos(const struct cd_fit *fit, const struct cd_fit_split *split)
{
    if (split->n > 0)
        return CNN_OK;
    return cd_error(CNN_ERROR_IO,
                    "epoch %zu: none of %zu photos can be read any more; the log says why",
                    fit->history->count + 1, split->data->count);
}

static struct cd_predictions predictions_of(const struct cd_fit *fit,
                                            const struct cd_fit_split *split)
{
    return (struct cd_predictions){
        .outputs = split->outputs,
        .columns = fit->trainer.outputs,
        .labels = split->labels,
        .n = split->n,
        .n_classes = fit->model->n_classes,
    };
}

/* ---- batches ---- */

/* The callback after a batch. images: trained on in this epoch so far. */
static void report_batch(struct cd_fit *fit, size_t images, const cnn_epoch_t *epoch)
{
    const cnn_train_options_t *options = fit->options;
    const cnn_train_progress_t progress = {
        .struct_size = sizeof progress,
        .epoch = (uint32_t)fit->history->count + 1,
        .epochs = options->epochs,
        .images = images,
        .images_total = fit->training.data->count,
        .loss = epoch->loss,
        .seconds = epoch->seconds,
        .images_per_second = epoch->seconds > 0 ? (double)images / epoch->seconds : 0,
    };

    if (options->on_batch && options->on_batch(&progress, options->user) != 0)
        fit->stopped = 1;
}

/* One training step on a batch of at least one sample. number: of the batch in the epoch. */
static cnn_status_t train_batch(struct cd_fit *fit, const struct cd_batch *batch, size_t number,
                                cnn_epoch_t *epoch, double *loss)
{
    const uint64_t step = fit->history->count * fit->steps_per_epoch + number;
    struct cd_fit_split *split = &fit->training;
    const struct cd_targets targets = {
        .labels = batch->labels,
        .mixtures = batch->mixtures,
        .smoothing = (double)fit->options->label_smoothing,
        .weights = fit->class_weights,
    };

    epoch->learning_rate = cd_schedule_rate(&fit->schedule, step);
    memcpy(split->labels + split->n, batch->labels, batch->n * sizeof *batch->labels);
    *loss = cd_trainer_step(&fit->trainer, batch->x, &targets, batch->n, step,
                            epoch->learning_rate,
                            split->outputs + split->n * fit->trainer.outputs);
    cd_average_step(&fit->average, fit->model, step);
    if (number == 0) /* the weights are no longer those that were calibrated */
        cd_model_set_metadata(fit->model, "calibration", NULL);
    split->n += batch->n;
    return isfinite(*loss) ? CNN_OK : not_finite(fit, "the loss is");
}

/* Starts loading the samples in the order of this epoch. */
static cnn_status_t begin_batches(struct cd_fit *fit)
{
    const uint64_t epoch = fit->history->count + 1;
    const struct cd_loader_pass pass = {
        .data = fit->training.data,
        .table = (const float(*)[256])fit->table,
        .order = fit->order,
        .height = fit->model->preprocess.height,
        .width = fit->model->preprocess.width,
        .augmentation = cd_train_options_augmentation(fit->options, epoch)};

    cd_loader_shuffle(fit->options->seed, epoch, fit->order, fit->training.data->count);
    fit->training.n = 0;
    return cd_loader_begin(fit->loader, &pass);
}

static cnn_status_t train_batches(struct cd_fit *fit, cnn_epoch_t *epoch)
{
    const size_t count = fit->training.data->count;
    const double begin = cd_clock_seconds();
    struct cd_batch batch;
    size_t number = 0;
    double sum = 0, loss;

    CD_TRY(begin_batches(fit));
    for (size_t done = 0; done < count && !fit->stopped; done += batch.taken, number++) {
        CD_TRY(check_cancelled(fit));
        CD_TRY(cd_loader_next(fit->loader, &batch));
        if (batch.n == 0)
            continue;
        CD_TRY(train_batch(fit, &batch, number, epoch, &loss));
        sum += loss * (double)batch.n;
        epoch->loss = sum / (double)fit->training.n;
        epoch->seconds = cd_clock_seconds() - begin;
        report_batch(fit, done + batch.taken, epoch);
    }
    return CNN_OK;
}

/* ---- the two halves ---- */

cnn_status_t cd_fit_train_epoch(struct cd_fit *fit, cnn_epoch_t *epoch)
{
    CD_TRY(train_batches(fit, epoch));
    CD_TRY(check_photos(fit, &fit->training));
    CD_TRY(check_cancelled(fit));
    if (fit->stopped)
        return CNN_OK;
    const struct cd_predictions predictions = predictions_of(fit, &fit->training);
    epoch->images_per_second = epoch->seconds > 0 ? (double)predictions.n / epoch->seconds : 0;
    epoch->mse = cd_metrics_mse(&predictions);
    epoch->accuracy = cd_metrics_accuracy(&predictions);
    epoch->pearson = cd_metrics_pearson(&predictions);
    return cd_trainer_finite(&fit->trainer) ? CNN_OK : not_finite(fit, "a weight is");
}

static cnn_status_t predict_validation(struct cd_fit *fit)
{
    struct cd_fit_split *split = &fit->validation;
    const struct cd_prediction_pass pass = {
        .model = fit->model,
        .weights = cd_fit_weights(fit),
        .statistics = cd_fit_statistics(fit),
        .data = split->data,
        .plan = fit->trainer.plan,
        .loader = fit->loader,
        .table = (const float(*)[256])fit->table,
        .outputs = split->outputs,
        .labels = split->labels,
        .cancel = fit->options->cancel,
    };

    CD_TRY(cd_prediction_pass_run(&pass, &split->n));
    return check_photos(fit, split);
}

cnn_status_t cd_fit_validate(struct cd_fit *fit, cnn_epoch_t *epoch)
{
    const struct cd_targets targets = {.labels = fit->validation.labels};

    epoch->val_loss = epoch->val_mse = epoch->val_accuracy = epoch->val_pearson = NAN;
    if (!fit->validation.data)
        return CNN_OK;
    CD_TRY(predict_validation(fit));
    const struct cd_predictions predictions = predictions_of(fit, &fit->validation);
    epoch->val_loss = cd_loss_batch(fit->options->loss, predictions.outputs, &targets,
                                    predictions.n, predictions.columns, NULL);
    epoch->val_mse = cd_metrics_mse(&predictions);
    epoch->val_accuracy = cd_metrics_accuracy(&predictions);
    epoch->val_pearson = cd_metrics_pearson(&predictions);
    return isfinite(epoch->val_loss) ? CNN_OK : not_finite(fit, "the validation loss is");
}

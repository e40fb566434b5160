/* SPDX-License-Identifier: MIT */
#include "train/training_epoch.h"

#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "evaluate/metrics.h"
#include "evaluate/prediction_pass.h"
#include "train/train_options.h"

/* ---- errors that end a training ---- */

static cnn_status_t check_cancelled(const struct cd_training *training)
{
    if (!cd_cancelled(training->options->cancel))
        return CNN_OK;
    return cd_error(CNN_ERROR_CANCELLED, "training cancelled on request");
}

cnn_status_t cd_training_stopped(const struct cd_training *training, const char *callback)
{
    return cd_error(CNN_ERROR_CANCELLED, "training stopped by %s after %zu finished epochs",
                    callback, training->history->count);
}

static cnn_status_t not_finite(const struct cd_training *training, const char *what)
{
    return cd_error(CNN_ERROR_NAN,
                    "epoch %zu: %s no longer a finite number; a smaller learning rate may help",
                    training->history->count + 1, what);
}

static cnn_status_t check_photos(const struct cd_training *training,
                                 const struct cd_training_split *split)
{
    if (split->n > 0)
        return CNN_OK;
    return cd_error(CNN_ERROR_IO,
                    "epoch %zu: none of %zu photos can be read any more; the log says why",
                    training->history->count + 1, split->data->count);
}

static struct cd_predictions predictions_of(const struct cd_training *training,
                                            const struct cd_training_split *split)
{
    return (struct cd_predictions){
        .outputs = split->outputs,
        .columns = training->trainer.outputs,
        .labels = split->labels,
        .n = split->n,
        .n_classes = training->model->n_classes,
    };
}

/* ---- batches ---- */

/* Calls on_batch. images: number of samples of this epoch so far. Errors: CANCELLED. */
static cnn_status_t report_batch(const struct cd_training *training, size_t images,
                                 const cnn_epoch_t *epoch)
{
    const cnn_train_options_t *options = training->options;
    const cnn_train_progress_t progress = {
        .struct_size = sizeof progress,
        .epoch = (uint32_t)training->history->count + 1,
        .epochs = options->epochs,
        .n_images = images,
        .n_images_total = training->train.data->count,
        .loss = epoch->loss,
        .seconds = epoch->seconds,
        .images_per_second = epoch->seconds > 0 ? (double)images / epoch->seconds : 0,
    };

    if (options->on_batch && options->on_batch(&progress, options->user) != 0)
        return cd_training_stopped(training, "on_batch");
    return CNN_OK;
}

/* Performs one training step on a batch of at least one sample. number: the index of the batch in
 * the epoch. */
static cnn_status_t train_batch(struct cd_training *training, const struct cd_batch *batch,
                                size_t number, cnn_epoch_t *epoch, double *loss)
{
    const uint64_t step = training->history->count * training->steps_per_epoch + number;
    struct cd_training_split *split = &training->train;
    const struct cd_targets targets = {
        .labels = batch->labels,
        .mixtures = batch->mixtures,
        .smoothing = (double)training->options->label_smoothing,
        .weights = training->class_weights,
    };

    epoch->learning_rate = cd_schedule_rate(&training->schedule, step);
    memcpy(split->labels + split->n, batch->labels, batch->n * sizeof *batch->labels);
    *loss = cd_trainer_step(&training->trainer, batch->x, &targets, batch->n, step,
                            epoch->learning_rate,
                            split->outputs + split->n * training->trainer.outputs);
    cd_average_step(&training->average, training->model, step);
    if (number == 0) /* the model is no longer calibrated */
        cd_metadata_set(&training->model->metadata, "calibration", NULL);
    split->n += batch->n;
    return isfinite(*loss) ? CNN_OK : not_finite(training, "the loss is");
}

/* Shuffles the training samples for this epoch and starts loading them. */
static cnn_status_t begin_batches(struct cd_training *training)
{
    const uint64_t epoch = training->history->count + 1;
    const struct cd_loader_pass pass = {
        .data = training->train.data,
        .table = (const float(*)[256])training->table,
        .order = training->order,
        .height = training->model->preprocess.height,
        .width = training->model->preprocess.width,
        .augmentation = cd_train_options_augmentation(training->options, epoch)};

    cd_loader_shuffle(training->options->seed, epoch, training->order, training->train.data->count);
    training->train.n = 0;
    return cd_loader_begin(training->loader, &pass);
}

static cnn_status_t train_batches(struct cd_training *training, cnn_epoch_t *epoch)
{
    const size_t count = training->train.data->count;
    const double begin = cd_clock_seconds();
    struct cd_batch batch;
    size_t number = 0;
    double sum = 0, loss;

    CD_TRY(begin_batches(training));
    for (size_t done = 0; done < count; done += batch.taken, number++) {
        CD_TRY(check_cancelled(training));
        CD_TRY(cd_loader_next(training->loader, &batch));
        if (batch.n == 0)
            continue;
        CD_TRY(train_batch(training, &batch, number, epoch, &loss));
        sum += loss * (double)batch.n;
        epoch->loss = sum / (double)training->train.n;
        epoch->seconds = cd_clock_seconds() - begin;
        CD_TRY(report_batch(training, done + batch.taken, epoch));
    }
    return CNN_OK;
}

/* ---- the two halves ---- */

cnn_status_t cd_training_epoch(struct cd_training *training, cnn_epoch_t *epoch)
{
    CD_TRY(train_batches(training, epoch));
    CD_TRY(check_photos(training, &training->train));
    CD_TRY(check_cancelled(training));
    const struct cd_predictions predictions = predictions_of(training, &training->train);
    epoch->images_per_second = epoch->seconds > 0 ? (double)predictions.n / epoch->seconds : 0;
    epoch->mse = cd_metrics_mse(&predictions);
    epoch->accuracy = cd_metrics_accuracy(&predictions);
    epoch->pearson = cd_metrics_pearson(&predictions);
    return cd_trainer_finite(&training->trainer) ? CNN_OK : not_finite(training, "a weight is");
}

static cnn_status_t predict_validation(struct cd_training *training)
{
    struct cd_training_split *split = &training->validation;
    const struct cd_prediction_pass pass = {
        .model = training->model,
        .weights = cd_training_weights(training),
        .statistics = cd_training_statistics(training),
        .data = split->data,
        .plan = training->trainer.plan,
        .loader = training->loader,
        .table = (const float(*)[256])training->table,
        .outputs = split->outputs,
        .labels = split->labels,
        .cancel = training->options->cancel,
    };

    CD_TRY(cd_prediction_pass_run(&pass, &split->n));
    return check_photos(training, split);
}

cnn_status_t cd_training_validate(struct cd_training *training, cnn_epoch_t *epoch)
{
    const struct cd_targets targets = {.labels = training->validation.labels};

    epoch->val_loss = epoch->val_mse = epoch->val_accuracy = epoch->val_pearson = NAN;
    if (!training->validation.data)
        return CNN_OK;
    CD_TRY(predict_validation(training));
    const struct cd_predictions predictions = predictions_of(training, &training->validation);
    epoch->val_loss = cd_loss_batch(training->options->loss, predictions.outputs, &targets,
                                    predictions.n, predictions.columns, NULL);
    epoch->val_mse = cd_metrics_mse(&predictions);
    epoch->val_accuracy = cd_metrics_accuracy(&predictions);
    epoch->val_pearson = cd_metrics_pearson(&predictions);
    return isfinite(epoch->val_loss) ? CNN_OK : not_finite(training, "the validation loss is");
}

/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "train/fit.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/memory.h"
#include "core/random.h"
#include "data/loader.h"
#include "image/preprocess.h"
#include "train/checkpoint.h"
#include "train/loss.h"
#include "train/metrics.h"
#include "train/prepare.h"
#include "train/schedule.h"
#include "train/trainer.h"
#include "train/training_record.h"

/* One part of the data with what the network said of it in this epoch, in the order it was run. */
struct part {
    cnn_dataset_t *data;
    float *outputs;
    uint32_t *labels;
};

struct fit {
    cnn_context_t *context;
    cnn_model_t *model;
    const cnn_train_options_t *options;
    struct part train, validation; /* validation.data NULL: none */
    struct cd_trainer trainer;
    struct cd_schedule schedule;
    struct cd_terms terms; /* only with a checkpoint */
    uint64_t steps;        /* of an epoch */
    size_t *order;
    float *x; /* a batch */
    float table[3][256];
    /* The weights of the best epoch (without validation, of the last one; before any, those the
     * training began with): what is left if it ends in NaN. */
    float *kept_weights, *kept_statistics;
    cnn_history_t *history;
    int stop; /* a callback asked for it */
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- making and ending ---- */

static cnn_status_t make_part(struct fit *fit, struct part *part, cnn_dataset_t *data)
{
    part->data = data;
    if (!data)
        return CNN_OK;
    part->outputs = cd_alloc(fit->context, data->count,
                             fit->trainer.outputs * sizeof *part->outputs);
    part->labels = cd_alloc(fit->context, data->count, sizeof *part->labels);
    return part->outputs && part->labels ? CNN_OK : cd_error_memory(fit->context);
}

static void keep_weights(struct fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    memcpy(fit->kept_weights, fit->model->weights, graph->trainable_size * sizeof(float));
    memcpy(fit->kept_statistics, fit->model->statistics, graph->statistics_size * sizeof(float));
}

static void take_kept_weights(struct fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    memcpy(fit->model->weights, fit->kept_weights, graph->trainable_size * sizeof(float));
    memcpy(fit->model->statistics, fit->kept_statistics, graph->statistics_size * sizeof(float));
}

static cnn_status_t make_buffers(struct fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    const size_t input = cd_shape_size(graph->nodes[0].shape);

    fit->order = cd_alloc(fit->context, fit->train.data->count, sizeof *fit->order);
    fit->x = cd_alloc(fit->context, fit->trainer.batch, input * sizeof *fit->x);
    fit->kept_weights = cd_alloc(fit->context, graph->trainable_size, sizeof(float));
    fit->kept_statistics = cd_alloc(fit->context, graph->statistics_size, sizeof(float));
    if (!fit->order || !fit->x || !fit->kept_weights || !fit->kept_statistics)
        return cd_error_memory(fit->context);
    return CNN_OK;
}

/* data, validation: prepared. */
static cnn_status_t make_fit(struct fit *fit, cnn_dataset_t *data, cnn_dataset_t *validation)
{
    const cnn_train_options_t *options = fit->options;
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;

    CD_TRY(cd_trainer_init(fit->model, options, batch, &fit->trainer));
    CD_TRY(make_part(fit, &fit->train, data));
    CD_TRY(make_part(fit, &fit->validation, validation));
    CD_TRY(make_buffers(fit));
    CD_TRY(cd_history_create(fit->context, &fit->history));
    if (options->checkpoint)
        CD_TRY(cd_terms_init(fit->model, options, data, validation, &fit->terms));
    fit->steps = (data->count - 1) / batch + 1;
    fit->schedule = cd_schedule_make(options, fit->steps);
    cd_preprocess_table(&fit->model->preprocess, fit->table);
    keep_weights(fit);
    cd_info(fit->context, "training on %zu photos, validating on %zu, batches of %zu, %zu weights",
            data->count, validation ? validation->count : 0, batch, fit->trainer.optimizer.size);
    return CNN_OK;
}

static void release_part(struct fit *fit, struct part *part)
{
    cd_free(fit->context, part->outputs);
    cd_free(fit->context, part->labels);
}

static void release_fit(struct fit *fit)
{
    cd_trainer_release(&fit->trainer);
    cd_terms_release(&fit->terms);
    release_part(fit, &fit->train);
    release_part(fit, &fit->validation);
    cd_free(fit->context, fit->order);
    cd_free(fit->context, fit->x);
    cd_free(fit->context, fit->kept_weights);
    cd_free(fit->context, fit->kept_statistics);
    cd_history_free(fit->history);
}

/* ---- checkpoints ---- */

static struct cd_checkpoint checkpoint_of(struct fit *fit)
{
    const size_t weights = fit->model->graph->trainable_size;
    const size_t statistics = fit->model->graph->statistics_size;
    const struct cd_optimizer *optimizer = &fit->trainer.optimizer;

    return (struct cd_checkpoint){
        .context = fit->context,
        .terms = &fit->terms,
        .blocks = {{"weights", fit->model->weights, weights},
                   {"statistics", fit->model->statistics, statistics},
                   {"optimizer_m", optimizer->m, optimizer->m ? weights : 0},
                   {"optimizer_v", optimizer->v, weights},
                   {"kept_weights", fit->kept_weights, weights},
                   {"kept_statistics", fit->kept_statistics, statistics}},
        .step = fit->history->count * fit->steps,
        .history = fit->history,
    };
}

static cnn_status_t save_checkpoint(struct fit *fit)
{
    if (!fit->options->checkpoint)
        return CNN_OK;
    const struct cd_checkpoint checkpoint = checkpoint_of(fit);
    return cd_checkpoint_save(&checkpoint, fit->options->checkpoint);
}

static cnn_status_t resume(struct fit *fit)
{
    struct stat about;
    const char *path = fit->options->checkpoint;

    if (!fit->options->resume || (stat(path, &about) != 0 && errno == ENOENT))
        return CNN_OK;
    struct cd_checkpoint checkpoint = checkpoint_of(fit);
    return cd_checkpoint_load(&checkpoint, path, fit->steps);
}

/* ---- an epoch ---- */

static cnn_status_t cancelled(const struct fit *fit)
{
    if (!cd_cancelled(fit->options->cancel))
        return CNN_OK;
    return cd_error(fit->context, CNN_ERROR_CANCELLED, "training cancelled on request");
}

static cnn_status_t not_finite(const struct fit *fit, const char *what)
{
    return cd_error(fit->context, CNN_ERROR_NAN,
                    "epoch %zu: %s no longer a finite number; a smaller learning rate may help",
                    fit->history->count + 1, what);
}

/* The callback after a batch. */
static void report_batch(struct fit *fit, size_t images, double loss, double seconds)
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

/* The batch of pictures first .. first+n-1 of this epoch's order. */
static cnn_status_t run_batch(struct fit *fit, size_t first, size_t n, cnn_epoch_t *epoch,
                              double *loss)
{
    const uint64_t step = fit->history->count * fit->steps + first / fit->trainer.batch;
    const struct cd_augmentation augmentation = {
        .key = cd_random_key(fit->options->seed, CD_STREAM_AUGMENT, fit->history->count + 1, 0),
        .mirror = fit->options->mirror};
    uint32_t *labels = fit->train.labels + first;

    epoch->learning_rate = cd_schedule_rate(&fit->schedule, step);
    cd_loader_batch(fit->train.data, (const float(*)[256])fit->table, fit->order, first, n,
                    &augmentation, fit->x, labels);
    *loss = cd_trainer_step(&fit->trainer, fit->x, labels, n, step, epoch->learning_rate,
                            fit->train.outputs + first * fit->trainer.outputs);
    return isfinite(*loss) ? CNN_OK : not_finite(fit, "the loss is");
}

/* All batches, unless it is cancelled or stopped. */
static cnn_status_t run_batches(struct fit *fit, cnn_epoch_t *epoch)
{
    const size_t count = fit->train.data->count, batch = fit->trainer.batch;
    const double begin = seconds_now();
    double sum = 0;

    for (size_t first = 0; first < count && !fit->stop; first += batch) {
        const size_t n = count - first < batch ? count - first : batch;
        double loss;
        CD_TRY(cancelled(fit));
        CD_TRY(run_batch(fit, first, n, epoch, &loss));
        sum += loss * (double)n;
        epoch->loss = sum / (double)(first + n);
        epoch->seconds = seconds_now() - begin;
        report_batch(fit, first + n, epoch->loss, epoch->seconds);
    }
    epoch->images_per_second = epoch->seconds > 0 ? (double)count / epoch->seconds : 0;
    return cancelled(fit);
}

static struct cd_predictions predictions_of(const struct fit *fit, const struct part *part)
{
    return (struct cd_predictions){
        .outputs = part->outputs,
        .columns = fit->trainer.outputs,
        .labels = part->labels,
        .n = part->data->count,
        .n_classes = fit->model->n_classes,
    };
}

static cnn_status_t validate(struct fit *fit, cnn_epoch_t *epoch)
{
    const struct part *part = &fit->validation;
    const struct cd_sweep sweep = {
        .model = fit->model,
        .data = part->data,
        .plan = fit->trainer.plan,
        .batch = fit->trainer.batch,
        .x = fit->x,
        .table = (const float(*)[256])fit->table,
        .outputs = part->outputs,
        .labels = part->labels,
        .cancel = fit->options->cancel,
    };

    epoch->val_loss = epoch->val_mse = epoch->val_accuracy = epoch->val_pearson = NAN;
    if (!part->data)
        return CNN_OK;
    CD_TRY(cd_sweep_run(&sweep));
    const struct cd_predictions predictions = predictions_of(fit, part);
    epoch->val_loss = cd_loss_batch(fit->options->loss, part->outputs, part->labels,
                                    part->data->count, fit->trainer.outputs, NULL);
    epoch->val_mse = cd_metrics_mse(&predictions);
    epoch->val_accuracy = cd_metrics_accuracy(&predictions);
    epoch->val_pearson = cd_metrics_pearson(&predictions);
    return isfinite(epoch->val_loss) ? CNN_OK : not_finite(fit, "the validation loss is");
}

/* Enters the epoch; its weights are kept if they are the best so far. */
static cnn_status_t enter_epoch(struct fit *fit, const cnn_epoch_t *epoch)
{
    cnn_history_t *history = fit->history;

    CD_TRY(cd_history_add(history, epoch));
    if (!fit->validation.data || history->best_epoch == 0 ||
        epoch->val_loss < history->epochs[history->best_epoch - 1].val_loss) {
        history->best_epoch = (uint32_t)history->count;
        keep_weights(fit);
    }
    return CNN_OK;
}

static cnn_status_t run_epoch(struct fit *fit)
{
    const cnn_train_options_t *options = fit->options;
    const double begin = seconds_now();
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    cd_loader_shuffle(options->seed, fit->history->count + 1, fit->order, fit->train.data->count);
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
    epoch.seconds = seconds_now() - begin;
    CD_TRY(enter_epoch(fit, &epoch));
    CD_TRY(save_checkpoint(fit));
    epoch = fit->history->epochs[fit->history->count - 1];
    if (options->on_epoch && options->on_epoch(&epoch, options->user) != 0)
        fit->stop = 1;
    return CNN_OK;
}

static int out_of_patience(const struct fit *fit)
{
    const uint32_t patience = fit->options->patience;
    return patience != 0 && fit->history->count - fit->history->best_epoch >= patience;
}

static cnn_status_t run_epochs(struct fit *fit)
{
    while (fit->history->count < fit->options->epochs && !fit->stop && !out_of_patience(fit))
        CD_TRY(run_epoch(fit));
    return CNN_OK;
}

/* ---- the whole ---- */

/* The weights that the model is left with, however the training ended. */
static void choose_weights(struct fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    const int has_best = fit->validation.data && fit->history->best_epoch != 0;

    if (has_best || !cd_all_finite(fit->model->weights, graph->trainable_size) ||
        !cd_all_finite(fit->model->statistics, graph->statistics_size))
        take_kept_weights(fit);
}

static cnn_status_t prepare(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                            const cnn_train_options_t *options)
{
    const cnn_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};

    CD_TRY(cd_prepare_data(model, data, &load));
    CD_TRY(cd_loss_check(model->graph, options->loss));
    if (validation)
        return cd_prepare_data(model, validation, &load);
    if (options->patience)
        return cd_error(model->context, CNN_ERROR_ARGUMENT,
                        "cnn_train_options_t: patience needs validation data");
    return CNN_OK;
}

cnn_status_t cd_fit(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                    const cnn_train_options_t *options, cnn_history_t **history)
{
    struct fit fit = {.context = model->context, .model = model, .options = options};
    cnn_status_t rc;

    CD_TRY(prepare(model, data, validation, options));
    CD_TRY_FAIL(make_fit(&fit, data, validation));
    CD_TRY_FAIL(resume(&fit));
    rc = run_epochs(&fit);
    choose_weights(&fit);
    const cnn_status_t recorded =
        cd_training_record(model, options, data->count, fit.history);
    if (rc == CNN_OK)
        rc = recorded;
    if (history && (rc == CNN_OK || rc == CNN_ERROR_CANCELLED || rc == CNN_ERROR_NAN)) {
        *history = fit.history;
        fit.history = NULL;
    }
fail:
    release_fit(&fit);
    return rc;
}

/* SPDX-License-Identifier: MIT */
#include "train/fit_state.h"

#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "image/preprocess.h"
#include "train/class_weight.h"

static cnn_status_t init_split(struct cd_fit *fit, struct cd_fit_split *split, cnn_dataset_t *data)
{
    split->data = data;
    if (!data)
        return CNN_OK;
    split->outputs = cd_alloc(fit->context, data->count,
                             fit->trainer.outputs * sizeof *split->outputs);
    split->labels = cd_alloc(fit->context, data->count, sizeof *split->labels);
    return split->outputs && split->labels ? CNN_OK : cd_error_memory();
}

const float *cd_fit_weights(const struct cd_fit *fit)
{
    return fit->average.weights ? fit->average.weights : fit->model->weights;
}

const float *cd_fit_statistics(const struct cd_fit *fit)
{
    return fit->average.weights ? fit->average.statistics : fit->model->statistics;
}

void cd_fit_keep_weights(struct cd_fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    memcpy(fit->best_weights, cd_fit_weights(fit), graph->trainable_size * sizeof(float));
    memcpy(fit->best_statistics, cd_fit_statistics(fit), graph->statistics_size * sizeof(float));
}

static void take_weights(struct cd_fit *fit, const float *weights, const float *statistics)
{
    const cnn_graph_t *graph = fit->model->graph;
    memcpy(fit->model->weights, weights, graph->trainable_size * sizeof(float));
    memcpy(fit->model->statistics, statistics, graph->statistics_size * sizeof(float));
    cd_model_changed(fit->model);
}

static cnn_status_t make_buffers(struct cd_fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    const size_t input = cd_shape_size(graph->nodes[0].shape);

    fit->order = cd_alloc(fit->context, fit->training.data->count, sizeof *fit->order);
    CD_TRY(cd_loader_create(fit->context, fit->trainer.batch, input, &fit->loader));
    fit->best_weights = cd_alloc(fit->context, graph->trainable_size, sizeof(float));
    fit->best_statistics = cd_alloc(fit->context, graph->statistics_size, sizeof(float));
    if (!fit->order || !fit->best_weights || !fit->best_statistics)
        return cd_error_memory();
    return CNN_OK;
}

cnn_status_t cd_fit_init(struct cd_fit *fit, cnn_dataset_t *data, cnn_dataset_t *validation)
{
    const cnn_train_options_t *options = fit->options;
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;

    CD_TRY(cd_trainer_init(fit->model, options, batch, &fit->trainer));
    CD_TRY(cd_class_weight_make(data, options, &fit->class_weights));
    CD_TRY(init_split(fit, &fit->training, data));
    CD_TRY(init_split(fit, &fit->validation, validation));
    CD_TRY(make_buffers(fit));
    CD_TRY(cd_average_init(fit->model, (double)options->average_decay, fit->trainer.frozen_nodes,
                           &fit->average));
    CD_TRY(cd_history_create(fit->context, &fit->history));
    if (options->checkpoint)
        CD_TRY(cd_terms_init(fit->model, options, data, validation, fit->class_weights,
                             &fit->terms));
    fit->steps_per_epoch = (data->count - 1) / batch + 1;
    fit->schedule = cd_schedule_make(options, fit->steps_per_epoch);
    cd_preprocess_table(&fit->model->preprocess, fit->table);
    cd_fit_keep_weights(fit);
    cd_info(fit->context, "training on %zu photos, validating on %zu, batches of %zu, %zu weights",
            data->count, validation ? validation->count : 0, batch, fit->trainer.optimizer.size);
    return CNN_OK;
}

static void release_split(struct cd_fit *fit, struct cd_fit_split *split)
{
    cd_free(fit->context, split->outputs);
    cd_free(fit->context, split->labels);
}

void cd_fit_release(struct cd_fit *fit)
{
    cd_loader_free(fit->loader); /* first: it may be at work on the next batch, by order */
    cd_trainer_release(&fit->trainer);
    cd_terms_release(&fit->terms);
    release_split(fit, &fit->training);
    release_split(fit, &fit->validation);
    cd_free(fit->context, fit->class_weights);
    cd_free(fit->context, fit->order);
    cd_free(fit->context, fit->best_weights);
    cd_free(fit->context, fit->best_statistics);
    cd_average_release(&fit->average);
    cd_history_free(fit->history);
}

void cd_fit_choose_weights(struct cd_fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    const int has_best = fit->validation.data && fit->history->best_epoch != 0;
    const float *weights = cd_fit_weights(fit), *statistics = cd_fit_statistics(fit);

    if (has_best || !cd_all_finite(weights, graph->trainable_size) ||
        !cd_all_finite(statistics, graph->statistics_size))
        take_weights(fit, fit->best_weights, fit->best_statistics);
    else if (fit->average.weights)
        take_weights(fit, weights, statistics);
}

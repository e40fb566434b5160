/* SPDX-License-Identifier: MIT */
#include "train/fit_state.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/log.h"
#include "core/memory.h"
#include "image/preprocess.h"
#include "train/class_weight.h"

static cnn_status_t make_part(struct cd_fit *fit, struct cd_part *part, cnn_dataset_t *data)
{
    part->data = data;
    if (!data)
        return CNN_OK;
    part->outputs = cd_alloc(fit->context, data->count,
                             fit->trainer.outputs * sizeof *part->outputs);
    part->labels = cd_alloc(fit->context, data->count, sizeof *part->labels);
    return part->outputs && part->labels ? CNN_OK : cd_error_memory();
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
    memcpy(fit->kept_weights, cd_fit_weights(fit), graph->trainable_size * sizeof(float));
    memcpy(fit->kept_statistics, cd_fit_statistics(fit), graph->statistics_size * sizeof(float));
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

    fit->order = cd_alloc(fit->context, fit->train.data->count, sizeof *fit->order);
    CD_TRY(cd_loader_create(fit->context, fit->trainer.batch, input, &fit->loader));
    fit->kept_weights = cd_alloc(fit->context, graph->trainable_size, sizeof(float));
    fit->kept_statistics = cd_alloc(fit->context, graph->statistics_size, sizeof(float));
    if (!fit->order || !fit->kept_weights || !fit->kept_statistics)
        return cd_error_memory();
    return CNN_OK;
}

cnn_status_t cd_fit_init(struct cd_fit *fit, cnn_dataset_t *data, cnn_dataset_t *validation)
{
    const cnn_train_options_t *options = fit->options;
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;

    CD_TRY(cd_trainer_init(fit->model, options, batch, &fit->trainer));
    CD_TRY(cd_class_weight_make(data, options, &fit->class_weights));
    CD_TRY(make_part(fit, &fit->train, data));
    CD_TRY(make_part(fit, &fit->validation, validation));
    CD_TRY(make_buffers(fit));
    CD_TRY(cd_average_init(fit->model, (double)options->average_decay, fit->trainer.frozen_nodes,
                           &fit->average));
    CD_TRY(cd_history_create(fit->context, &fit->history));
    if (options->checkpoint)
        CD_TRY(cd_terms_init(fit->model, options, data, validation, fit->class_weights,
                             &fit->terms));
    fit->steps = (data->count - 1) / batch + 1;
    fit->schedule = cd_schedule_make(options, fit->steps);
    cd_preprocess_table(&fit->model->preprocess, fit->table);
    cd_fit_keep_weights(fit);
    cd_info(fit->context, "training on %zu photos, validating on %zu, batches of %zu, %zu weights",
            data->count, validation ? validation->count : 0, batch, fit->trainer.optimizer.size);
    return CNN_OK;
}

static void release_part(struct cd_fit *fit, struct cd_part *part)
{
    cd_free(fit->context, part->outputs);
    cd_free(fit->context, part->labels);
}

void cd_fit_release(struct cd_fit *fit)
{
    cd_loader_free(fit->loader); /* first: it may be at work on the next batch, by order */
    cd_trainer_release(&fit->trainer);
    cd_terms_release(&fit->terms);
    release_part(fit, &fit->train);
    release_part(fit, &fit->validation);
    cd_free(fit->context, fit->class_weights);
    cd_free(fit->context, fit->order);
    cd_free(fit->context, fit->kept_weights);
    cd_free(fit->context, fit->kept_statistics);
    cd_average_release(&fit->average);
    cd_history_free(fit->history);
}

/* ---- checkpoints ---- */

/* Appends a block unless it is empty. */
static void add_block(struct cd_checkpoint *checkpoint, const char *name, float *values,
                      size_t count)
{
    if (count > 0)
        checkpoint->blocks[checkpoint->n_blocks++] =
            (struct cd_checkpoint_block){name, values, count};
}

static struct cd_checkpoint checkpoint_of(struct cd_fit *fit)
{
    const size_t weights = fit->model->graph->trainable_size;
    const size_t statistics = fit->model->graph->statistics_size;
    const struct cd_optimizer *optimizer = &fit->trainer.optimizer;
    struct cd_checkpoint checkpoint = {
        .context = fit->context,
        .terms = &fit->terms,
        .step = fit->history->count * fit->steps,
        .history = fit->history,
    };

    add_block(&checkpoint, "weights", fit->model->weights, weights);
    add_block(&checkpoint, "statistics", fit->model->statistics, statistics);
    for (size_t i = 0; i < cd_optimizer_moments(optimizer->rule); i++)
        add_block(&checkpoint, optimizer->rule->moments[i], optimizer->moments[i],
                  optimizer->size);
    add_block(&checkpoint, "kept_weights", fit->kept_weights, weights);
    add_block(&checkpoint, "kept_statistics", fit->kept_statistics, statistics);
    add_block(&checkpoint, "average_weights", fit->average.weights, fit->average.n_weights);
    add_block(&checkpoint, "average_statistics", fit->average.statistics,
              fit->average.n_statistics);
    return checkpoint;
}

cnn_status_t cd_fit_save(struct cd_fit *fit)
{
    if (!fit->options->checkpoint)
        return CNN_OK;
    const struct cd_checkpoint checkpoint = checkpoint_of(fit);
    return cd_checkpoint_save(&checkpoint, fit->options->checkpoint);
}

cnn_status_t cd_fit_resume(struct cd_fit *fit)
{
    struct stat about;
    const char *path = fit->options->checkpoint;

    if (!fit->options->resume || (stat(path, &about) != 0 && errno == ENOENT))
        return CNN_OK;
    struct cd_checkpoint checkpoint = checkpoint_of(fit);
    cd_model_changed(fit->model);
    return cd_checkpoint_load(&checkpoint, path, fit->steps);
}

void cd_fit_choose_weights(struct cd_fit *fit)
{
    const cnn_graph_t *graph = fit->model->graph;
    const int has_best = fit->validation.data && fit->history->best_epoch != 0;
    const float *weights = cd_fit_weights(fit), *statistics = cd_fit_statistics(fit);

    if (has_best || !cd_all_finite(weights, graph->trainable_size) ||
        !cd_all_finite(statistics, graph->statistics_size))
        take_weights(fit, fit->kept_weights, fit->kept_statistics);
    else if (fit->average.weights)
        take_weights(fit, weights, statistics);
}

/* SPDX-License-Identifier: MIT */
#include "train/training_state.h"

#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "image/preprocess.h"
#include "train/class_weight.h"

static cnn_status_t init_split(struct cd_training *training, struct cd_training_split *split,
                               cnn_dataset_t *data)
{
    split->data = data;
    if (!data)
        return CNN_OK;
    split->outputs = cd_alloc(training->context, data->count,
                              training->trainer.outputs * sizeof *split->outputs);
    split->labels = cd_alloc(training->context, data->count, sizeof *split->labels);
    return split->outputs && split->labels ? CNN_OK : cd_error_memory();
}

const float *cd_training_weights(const struct cd_training *training)
{
    return training->average.weights ? training->average.weights : training->model->weights;
}

const float *cd_training_statistics(const struct cd_training *training)
{
    return training->average.weights ? training->average.statistics : training->model->statistics;
}

void cd_training_keep_weights(struct cd_training *training)
{
    const cnn_graph_t *graph = training->model->graph;
    memcpy(training->best_weights, cd_training_weights(training),
           graph->trainable_size * sizeof(float));
    memcpy(training->best_statistics, cd_training_statistics(training),
           graph->statistics_size * sizeof(float));
}

static void take_weights(struct cd_training *training, const float *weights,
                         const float *statistics)
{
    const cnn_graph_t *graph = training->model->graph;
    memcpy(training->model->weights, weights, graph->trainable_size * sizeof(float));
    memcpy(training->model->statistics, statistics, graph->statistics_size * sizeof(float));
    cd_model_changed(training->model);
}

static cnn_status_t make_buffers(struct cd_training *training)
{
    const cnn_graph_t *graph = training->model->graph;
    const size_t input = cd_shape_size(graph->nodes[0].shape);

    training->order =
        cd_alloc(training->context, training->train.data->count, sizeof *training->order);
    CD_TRY(cd_loader_create(training->context, training->trainer.batch, input, &training->loader));
    training->best_weights = cd_alloc(training->context, graph->trainable_size, sizeof(float));
    training->best_statistics = cd_alloc(training->context, graph->statistics_size, sizeof(float));
    if (!training->order || !training->best_weights || !training->best_statistics)
        return cd_error_memory();
    return CNN_OK;
}

cnn_status_t cd_training_init(struct cd_training *training, cnn_dataset_t *data,
                              cnn_dataset_t *validation)
{
    const cnn_train_options_t *options = training->options;
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;

    CD_TRY(cd_trainer_init(training->model, options, batch, &training->trainer));
    CD_TRY(cd_class_weight_make(data, options, &training->class_weights));
    CD_TRY(init_split(training, &training->train, data));
    CD_TRY(init_split(training, &training->validation, validation));
    CD_TRY(make_buffers(training));
    CD_TRY(cd_average_init(training->model, (double)options->average_decay,
                           training->trainer.frozen_nodes, &training->average));
    CD_TRY(cd_history_create(training->context, &training->history));
    if (options->checkpoint)
        CD_TRY(cd_terms_init(training->model, options, data, validation, training->class_weights,
                             &training->terms));
    training->steps_per_epoch = (data->count - 1) / batch + 1;
    training->schedule = cd_schedule_make(options, training->steps_per_epoch);
    cd_preprocess_table(&training->model->preprocess, training->table);
    cd_training_keep_weights(training);
    cd_info(training->context,
            "training on %zu photos, validating on %zu, batches of %zu, %zu weights", data->count,
            validation ? validation->count : 0, batch, training->trainer.optimizer.size);
    return CNN_OK;
}

static void release_split(struct cd_training *training, struct cd_training_split *split)
{
    cd_free(training->context, split->outputs);
    cd_free(training->context, split->labels);
}

void cd_training_release(struct cd_training *training)
{
    cd_loader_free(training->loader); /* first, because its tasks read order */
    cd_trainer_release(&training->trainer);
    cd_terms_release(&training->terms);
    release_split(training, &training->train);
    release_split(training, &training->validation);
    cd_free(training->context, training->class_weights);
    cd_free(training->context, training->order);
    cd_free(training->context, training->best_weights);
    cd_free(training->context, training->best_statistics);
    cd_average_release(&training->average);
    cd_history_free(training->history);
}

void cd_training_choose_weights(struct cd_training *training)
{
    const cnn_graph_t *graph = training->model->graph;
    const int has_best = training->validation.data && training->history->best_epoch != 0;
    const float *weights = cd_training_weights(training),
                *statistics = cd_training_statistics(training);

    if (has_best || !cd_all_finite(weights, graph->trainable_size) ||
        !cd_all_finite(statistics, graph->statistics_size))
        take_weights(training, training->best_weights, training->best_statistics);
    else if (training->average.weights)
        take_weights(training, weights, statistics);
}

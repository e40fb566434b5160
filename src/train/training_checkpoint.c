/* SPDX-License-Identifier: MIT */
#include "train/training_checkpoint.h"

#include <errno.h>
#include <sys/stat.h>

#include "train/checkpoint.h"

/* Appends a block unless it is empty. */
static void add_block(struct cd_checkpoint *checkpoint, const char *name, float *values,
                      size_t count)
{
    if (count > 0)
        checkpoint->blocks[checkpoint->n_blocks++] =
            (struct cd_checkpoint_block){name, values, count};
}

static struct cd_checkpoint checkpoint_of(struct cd_training *training)
{
    const size_t weights = training->model->graph->trainable_size;
    const size_t statistics = training->model->graph->statistics_size;
    const struct cd_optimizer *optimizer = &training->trainer.optimizer;
    struct cd_checkpoint checkpoint = {
        .context = training->context,
        .terms = &training->terms,
        .step = training->history->count * training->steps_per_epoch,
        .history = training->history,
    };

    add_block(&checkpoint, "weights", training->model->weights, weights);
    add_block(&checkpoint, "statistics", training->model->statistics, statistics);
    for (size_t i = 0; i < cd_optimizer_moments(optimizer->rule); i++)
        add_block(&checkpoint, optimizer->rule->moments[i], optimizer->moments[i], optimizer->size);
    add_block(&checkpoint, "kept_weights", training->best_weights, weights);
    add_block(&checkpoint, "kept_statistics", training->best_statistics, statistics);
    add_block(&checkpoint, "average_weights", training->average.weights,
              training->average.n_weights);
    add_block(&checkpoint, "average_statistics", training->average.statistics,
              training->average.n_statistics);
    return checkpoint;
}

cnn_status_t cd_training_save_checkpoint(struct cd_training *training)
{
    if (!training->options->checkpoint)
        return CNN_OK;
    const struct cd_checkpoint checkpoint = checkpoint_of(training);
    return cd_checkpoint_save(&checkpoint, training->options->checkpoint);
}

cnn_status_t cd_training_resume(struct cd_training *training)
{
    struct stat about;
    const char *path = training->options->checkpoint;

    if (!training->options->resume || (stat(path, &about) != 0 && errno == ENOENT))
        return CNN_OK;
    struct cd_checkpoint checkpoint = checkpoint_of(training);
    cd_model_changed(training->model);
    return cd_checkpoint_load(&checkpoint, path, training->steps_per_epoch);
}

/* SPDX-License-Identifier: MIT */
#include "train/fit_checkpoint.h"

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

static struct cd_checkpoint checkpoint_of(struct cd_fit *fit)
{
    const size_t weights = fit->model->graph->trainable_size;
    const size_t statistics = fit->model->graph->statistics_size;
    const struct cd_optimizer *optimizer = &fit->trainer.optimizer;
    struct cd_checkpoint checkpoint = {
        .context = fit->context,
        .terms = &fit->terms,
        .step = fit->history->count * fit->steps_per_epoch,
        .history = fit->history,
    };

    add_block(&checkpoint, "weights", fit->model->weights, weights);
    add_block(&checkpoint, "statistics", fit->model->statistics, statistics);
    for (size_t i = 0; i < cd_optimizer_moments(optimizer->rule); i++)
        add_block(&checkpoint, optimizer->rule->moments[i], optimizer->moments[i],
                  optimizer->size);
    add_block(&checkpoint, "kept_weights", fit->best_weights, weights);
    add_block(&checkpoint, "kept_statistics", fit->best_statistics, statistics);
    add_block(&checkpoint, "average_weights", fit->average.weights, fit->average.n_weights);
    add_block(&checkpoint, "average_statistics", fit->average.statistics,
              fit->average.n_statistics);
    return checkpoint;
}

cnn_status_t cd_fit_save_checkpoint(struct cd_fit *fit)
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
    return cd_checkpoint_load(&checkpoint, path, fit->steps_per_epoch);
}

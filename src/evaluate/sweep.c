/* SPDX-License-Identifier: MIT */
#include "evaluate/sweep.h"

#include <string.h>

#include "core/names.h"
#include "model/mirrored.h"

cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data)
{
    if (!model->classes)
        return cd_error(CNN_ERROR_SHAPE,
                        "the model has no classes: its network does not see photos");
    if (model->n_classes != data->n_classes)
        return cd_error(CNN_ERROR_DATA,
                        "the model has %zu classes, \"%s\" first, and the data %zu, \"%s\" first",
                        model->n_classes, model->classes[0], data->n_classes, data->classes[0]);
    for (size_t i = 0; i < model->n_classes; i++)
        if (!cd_names_same(model->classes[i], data->classes[i]))
            return cd_error(CNN_ERROR_DATA,
                            "class %zu is \"%s\" in the model and \"%s\" in the data", i,
                            model->classes[i], data->classes[i]);
    return CNN_OK;
}

cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_dataset_load_options_t *load)
{
    CD_TRY(cd_prepare_check(model, data));
    return cd_dataset_load(data, &model->preprocess, load);
}

static void predict(const struct cd_sweep *sweep, const struct cd_batch *batch, float *outputs)
{
    const size_t columns = cd_shape_size(cd_graph_output(sweep->model->graph)->shape);

    memcpy(outputs,
           cd_plan_predict(sweep->plan, sweep->weights, sweep->statistics, batch->x, batch->n),
           batch->n * columns * sizeof *outputs);
}

static void run_batch(const struct cd_sweep *sweep, const struct cd_batch *batch, size_t first)
{
    const cnn_graph_t *graph = sweep->model->graph;
    const size_t at = first * cd_shape_size(cd_graph_output(graph)->shape);

    if (batch->n == 0)
        return;
    if (sweep->mirror && !sweep->mirrored)
        cd_mirrored_predict(sweep->plan, graph, sweep->weights, sweep->statistics, batch->x,
                            batch->n, sweep->outputs + at);
    else
        predict(sweep, batch, sweep->outputs + at);
    if (sweep->mirror && sweep->mirrored) {
        cd_mirrored_input(graph, batch->x, batch->n);
        predict(sweep, batch, sweep->mirrored + at);
    }
    memcpy(sweep->labels + first, batch->labels, batch->n * sizeof *batch->labels);
}

cnn_status_t cd_sweep_run(const struct cd_sweep *sweep, size_t *n)
{
    const struct cd_loader_pass pass = {.data = sweep->data, .table = sweep->table};
    const size_t count = sweep->data->count;
    struct cd_batch batch;

    *n = 0;
    CD_TRY(cd_loader_begin(sweep->loader, &pass));
    for (size_t done = 0; done < count; done += batch.taken) {
        if (cd_cancelled(sweep->cancel))
            return cd_error(CNN_ERROR_CANCELLED, "cancelled on request");
        CD_TRY(cd_loader_next(sweep->loader, &batch));
        run_batch(sweep, &batch, *n);
        *n += batch.n;
        if (sweep->progress && sweep->progress(done + batch.taken, count, sweep->user) != 0)
            return cd_error(CNN_ERROR_CANCELLED,
                            "stopped by the progress callback after %zu of %zu photos",
                            done + batch.taken, count);
    }
    return CNN_OK;
}

/* SPDX-License-Identifier: MIT */
#include "evaluate/prediction_pass.h"

#include <string.h>

#include "model/test_time_mirroring.h"

static void predict(const struct cd_prediction_pass *pass, const struct cd_batch *batch,
                    float *outputs)
{
    const size_t columns = cd_shape_size(cd_graph_output(pass->model->graph)->shape);

    memcpy(outputs,
           cd_plan_predict(pass->plan, pass->weights, pass->statistics, batch->x, batch->n),
           batch->n * columns * sizeof *outputs);
}

static void run_batch(const struct cd_prediction_pass *pass, const struct cd_batch *batch,
                      size_t first)
{
    const cnn_graph_t *graph = pass->model->graph;
    const size_t at = first * cd_shape_size(cd_graph_output(graph)->shape);

    if (batch->n == 0)
        return;
    if (pass->mirror && !pass->mirrored)
        cd_mirroring_predict(pass->plan, graph, pass->weights, pass->statistics, batch->x, batch->n,
                             pass->outputs + at);
    else
        predict(pass, batch, pass->outputs + at);
    if (pass->mirror && pass->mirrored) {
        cd_mirroring_flip(graph, batch->x, batch->n);
        predict(pass, batch, pass->mirrored + at);
    }
    memcpy(pass->labels + first, batch->labels, batch->n * sizeof *batch->labels);
}

cnn_status_t cd_prediction_pass_run(const struct cd_prediction_pass *pass, size_t *n)
{
    const struct cd_loader_pass loading = {.data = pass->data, .table = pass->table};
    const size_t count = pass->data->count;
    struct cd_batch batch;

    *n = 0;
    CD_TRY(cd_loader_begin(pass->loader, &loading));
    for (size_t done = 0; done < count; done += batch.taken) {
        if (cd_cancelled(pass->cancel))
            return cd_error(CNN_ERROR_CANCELLED, "cancelled on request");
        CD_TRY(cd_loader_next(pass->loader, &batch));
        run_batch(pass, &batch, *n);
        *n += batch.n;
        if (pass->progress && pass->progress(done + batch.taken, count, pass->user) != 0)
            return cd_error(CNN_ERROR_CANCELLED,
                            "stopped by the progress callback after %zu of %zu photos",
                            done + batch.taken, count);
    }
    return CNN_OK;
}

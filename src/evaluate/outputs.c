/* SPDX-License-Identifier: MIT */
#include "evaluate/outputs.h"

#include "core/memory.h"
#include "evaluate/prediction_pass.h"
#include "image/preprocess.h"
#include "plan/tune.h"

void cd_outputs_release(struct cd_outputs *outputs)
{
    cd_plan_free(outputs->plan);
    cd_loader_free(outputs->loader);
    cd_free(outputs->context, outputs->values);
    cd_free(outputs->context, outputs->mirrored);
    cd_free(outputs->context, outputs->labels);
}

static cnn_status_t make(struct cd_outputs *outputs, const cnn_model_t *model,
                         const cnn_graph_t *graph, size_t count, size_t batch, int apart)
{
    const struct cd_plan_options plan_options = {.batch = batch};
    cnn_context_t *context = outputs->context;

    outputs->n = count;
    outputs->columns = cd_shape_size(cd_graph_output(graph)->shape);
    CD_TRY(cd_plan_create_tuned(graph, &plan_options, &outputs->plan));
    CD_TRY(cd_loader_create(context, batch, cd_shape_size(graph->nodes[0].shape),
                            &outputs->loader));
    outputs->values = cd_alloc(context, count, outputs->columns * sizeof *outputs->values);
    outputs->labels = cd_alloc(context, count, sizeof *outputs->labels);
    if (apart)
        outputs->mirrored = cd_alloc(context, count, outputs->columns * sizeof *outputs->mirrored);
    if (!outputs->values || !outputs->labels || (apart && !outputs->mirrored))
        return cd_error_memory();
    cd_preprocess_table(&model->preprocess, outputs->table);
    return CNN_OK;
}

cnn_status_t cd_outputs_run(struct cd_outputs *outputs, const cnn_model_t *model,
                            const cnn_graph_t *graph, const cnn_dataset_t *data,
                            const cnn_evaluate_options_t *options, int apart)
{
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;
    size_t n;

    CD_TRY(make(outputs, model, graph, data->count, batch, apart && options->mirror));
    const struct cd_prediction_pass pass = {
        .model = model,
        .weights = model->weights,
        .statistics = model->statistics,
        .data = data,
        .plan = outputs->plan,
        .loader = outputs->loader,
        .table = (const float(*)[256])outputs->table,
        .mirror = options->mirror,
        .outputs = outputs->values,
        .mirrored = outputs->mirrored,
        .labels = outputs->labels,
        .progress = options->progress,
        .user = options->user,
        .cancel = options->cancel,
    };
    CD_TRY(cd_prediction_pass_run(&pass, &n));
    if (n < data->count)
        return cd_error(CNN_ERROR_IO,
                        "%zu of %zu photos cannot be read any more; the log names them",
                        data->count - n, data->count);
    return CNN_OK;
}

/* SPDX-License-Identifier: MIT */
#include "train/evaluate.h"

#include "core/memory.h"
#include "image/preprocess.h"
#include "nn/session.h"
#include "train/metrics.h"
#include "train/prepare.h"

/* What a run over the data needs, gone when it is done. */
struct run {
    cnn_context_t *context;
    struct cd_plan *plan;
    struct cd_loader *loader;
    float *outputs;
    uint32_t *labels;
    float table[3][256];
};

static void release_run(struct run *run)
{
    cd_plan_free(run->plan);
    cd_loader_free(run->loader);
    cd_free(run->context, run->outputs);
    cd_free(run->context, run->labels);
}

static cnn_status_t make_run(struct run *run, const cnn_model_t *model, size_t count, size_t batch)
{
    const cnn_graph_t *graph = model->graph;

    CD_TRY(cd_plan_create(graph, batch, 0, &run->plan));
    CD_TRY(cd_loader_create(run->context, batch, cd_shape_size(graph->nodes[0].shape),
                            &run->loader));
    run->outputs = cd_alloc(run->context, count,
                            cd_shape_size(cd_graph_output(graph)->shape) * sizeof *run->outputs);
    run->labels = cd_alloc(run->context, count, sizeof *run->labels);
    if (!run->outputs || !run->labels)
        return cd_error_memory(run->context);
    cd_preprocess_table(&model->preprocess, run->table);
    return CNN_OK;
}

static cnn_status_t make_evaluation(const cnn_model_t *model, size_t count,
                                    cnn_evaluation_t **evaluation)
{
    cnn_evaluation_t *e = cd_alloc(model->context, 1, sizeof *e);

    if (!e)
        return cd_error_memory(model->context);
    e->context = cd_context_ref(model->context);
    e->n = count;
    e->n_classes = model->n_classes;
    *evaluation = e;
    e->probabilities = cd_alloc(e->context, count, e->n_classes * sizeof *e->probabilities);
    e->confusion = cd_alloc(e->context, e->n_classes, e->n_classes * sizeof *e->confusion);
    return e->probabilities && e->confusion ? CNN_OK : cd_error_memory(e->context);
}

void cd_evaluation_free(cnn_evaluation_t *evaluation)
{
    if (!evaluation)
        return;
    cnn_context_t *context = evaluation->context;
    cd_free(context, evaluation->probabilities);
    cd_free(context, evaluation->confusion);
    cd_free(context, evaluation);
    cd_context_unref(context);
}

/* Results are given sample by sample, so each is needed. */
static cnn_status_t run_over(struct run *run, const cnn_model_t *model, const cnn_dataset_t *data,
                             const cnn_evaluate_options_t *options)
{
    size_t n;

    const struct cd_sweep sweep = {
        .model = model,
        .weights = model->weights,
        .statistics = model->statistics,
        .data = data,
        .plan = run->plan,
        .loader = run->loader,
        .table = (const float(*)[256])run->table,
        .mirror = options->mirror,
        .outputs = run->outputs,
        .labels = run->labels,
        .progress = options->progress,
        .user = options->user,
        .cancel = options->cancel,
    };

    CD_TRY(cd_sweep_run(&sweep, &n));
    if (n < data->count)
        return cd_error(run->context, CNN_ERROR_IO,
                        "%zu of %zu photos cannot be read any more; the log names them",
                        data->count - n, data->count);
    return CNN_OK;
}

static cnn_status_t judge(const struct run *run, const cnn_model_t *model,
                          cnn_evaluation_t *evaluation)
{
    const size_t columns = cd_shape_size(cd_graph_output(model->graph)->shape);
    const struct cd_predictions predictions = {
        .outputs = run->outputs,
        .columns = columns,
        .labels = run->labels,
        .n = evaluation->n,
        .n_classes = evaluation->n_classes,
    };

    for (size_t i = 0; i < evaluation->n; i++)
        cd_session_probabilities(model, run->outputs + i * columns,
                                 evaluation->probabilities + i * evaluation->n_classes);
    return cd_metrics_compute(evaluation->context, &predictions, &evaluation->metrics,
                              evaluation->confusion);
}

cnn_status_t cd_evaluate(const cnn_model_t *model, cnn_dataset_t *data,
                         const cnn_evaluate_options_t *options, cnn_evaluation_t **out)
{
    const cnn_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};
    struct run run = {.context = model->context};
    cnn_evaluation_t *evaluation = NULL;
    cnn_status_t rc;

    CD_TRY(cd_prepare_data(model, data, &load));
    const size_t batch = options->batch_size < data->count ? options->batch_size : data->count;
    CD_TRY_FAIL(make_run(&run, model, data->count, batch));
    CD_TRY_FAIL(make_evaluation(model, data->count, &evaluation));
    CD_TRY_FAIL(run_over(&run, model, data, options));
    CD_TRY_FAIL(judge(&run, model, evaluation));
    *out = evaluation;
    evaluation = NULL;
fail:
    cd_evaluation_free(evaluation);
    release_run(&run);
    return rc;
}

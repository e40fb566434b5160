/* SPDX-License-Identifier: MIT */
#include "evaluate/evaluate.h"

#include "core/memory.h"
#include "evaluate/metrics.h"
#include "evaluate/outputs.h"
#include "evaluate/prepare.h"
#include "evaluate/reliability.h"
#include "graph/class_outputs.h"

static cnn_status_t make_evaluation(const cnn_model_t *model, size_t count,
                                    cnn_evaluation_t **evaluation)
{
    cnn_evaluation_t *e = cd_alloc(model->context, 1, sizeof *e);

    if (!e)
        return cd_error_memory();
    e->context = cd_context_ref(model->context);
    e->n = count;
    e->n_classes = model->n_classes;
    *evaluation = e;
    e->probabilities = cd_alloc(e->context, count, e->n_classes * sizeof *e->probabilities);
    e->confusion = cd_alloc(e->context, e->n_classes, e->n_classes * sizeof *e->confusion);
    return e->probabilities && e->confusion ? CNN_OK : cd_error_memory();
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

static cnn_status_t judge(const struct cd_outputs *outputs, cnn_evaluation_t *evaluation)
{
    const struct cd_predictions predictions = {
        .outputs = outputs->values,
        .columns = outputs->columns,
        .labels = outputs->labels,
        .n = evaluation->n,
        .n_classes = evaluation->n_classes,
    };

    for (size_t i = 0; i < evaluation->n; i++)
        cd_class_probabilities(outputs->values + i * outputs->columns, outputs->columns,
                               evaluation->probabilities + i * evaluation->n_classes);
    cd_reliability(&predictions, evaluation->reliability);
    return cd_metrics_compute(evaluation->context, &predictions, &evaluation->metrics,
                              evaluation->confusion);
}

cnn_status_t cd_evaluate(const cnn_model_t *model, cnn_dataset_t *data,
                         const cnn_evaluate_options_t *options, cnn_evaluation_t **out)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};
    struct cd_outputs outputs = {.context = model->context};
    cnn_evaluation_t *evaluation = NULL;
    cnn_status_t rc;

    CD_TRY(cd_prepare_data(model, data, &load));
    CD_TRY_FAIL(make_evaluation(model, data->count, &evaluation));
    CD_TRY_FAIL(cd_outputs_run(&outputs, model, model->graph, data, options, 0));
    CD_TRY_FAIL(judge(&outputs, evaluation));
    *out = evaluation;
    evaluation = NULL;
fail:
    cd_evaluation_free(evaluation);
    cd_outputs_release(&outputs);
    return rc;
}

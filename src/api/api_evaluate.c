/* SPDX-License-Identifier: MIT */
#include "api/require.h"
#include "core/options.h"
#include "train/evaluate.h"

enum { DEFAULT_BATCH = 32 };

cnn_status_t cnn_model_evaluate(const cnn_model_t *model, cnn_dataset_t *dataset,
                                const cnn_evaluate_options_t *options,
                                cnn_evaluation_t **evaluation)
{
    cnn_evaluate_options_t own;

    CD_REQUIRE(NULL, evaluation);
    *evaluation = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, dataset);
    CD_TRY(cd_options_read(model->context, "cnn_evaluate_options_t", options, &own, sizeof own));
    if (!own.batch_size)
        own.batch_size = DEFAULT_BATCH;
    return cd_evaluate(model, dataset, &own, evaluation);
}

void cnn_evaluation_free(cnn_evaluation_t *evaluation)
{
    cd_evaluation_free(evaluation);
}

cnn_status_t cnn_evaluation_metrics(const cnn_evaluation_t *evaluation, cnn_metrics_t *metrics)
{
    CD_REQUIRE(NULL, evaluation);
    return cd_result_write(evaluation->context, "cnn_metrics_t", &evaluation->metrics,
                           sizeof evaluation->metrics, metrics);
}

size_t cnn_evaluation_confusion(const cnn_evaluation_t *evaluation, size_t actual,
                                size_t predicted)
{
    if (!evaluation || actual >= evaluation->n_classes || predicted >= evaluation->n_classes)
        return 0;
    return evaluation->confusion[actual * evaluation->n_classes + predicted];
}

const float *cnn_evaluation_probabilities(const cnn_evaluation_t *evaluation, size_t index)
{
    if (!evaluation || index >= evaluation->n)
        return NULL;
    return evaluation->probabilities + index * evaluation->n_classes;
}

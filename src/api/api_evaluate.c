/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "evaluate/calibrate.h"
#include "evaluate/evaluate.h"

enum { DEFAULT_BATCH = 32 };

static cnn_status_t read_options(const cnn_evaluate_options_t *options, cnn_evaluate_options_t *own)
{
    CD_TRY(cd_options_read("cnn_evaluate_options_t", options, own, sizeof *own));
    if (!own->batch_size)
        own->batch_size = DEFAULT_BATCH;
    return CNN_OK;
}

cnn_status_t cnn_model_evaluate(const cnn_model_t *model, cnn_dataset_t *dataset,
                                const cnn_evaluate_options_t *options,
                                cnn_evaluation_t **evaluation)
{
    cnn_evaluate_options_t own;

    CD_REQUIRE(NULL, evaluation);
    *evaluation = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, dataset);
    CD_API_TRY(model->context, read_options(options, &own));
    return cd_api_result(model->context, cd_evaluate(model, dataset, &own, evaluation));
}

void cnn_evaluation_free(cnn_evaluation_t *evaluation)
{
    cd_evaluation_free(evaluation);
}

cnn_status_t cnn_evaluation_metrics(const cnn_evaluation_t *evaluation, cnn_metrics_t *metrics)
{
    CD_REQUIRE(NULL, evaluation);
    return cd_api_result(evaluation->context, cd_result_write(__func__, &evaluation->metrics,
                                                              sizeof evaluation->metrics, metrics));
}

size_t cnn_evaluation_confusion(const cnn_evaluation_t *evaluation, size_t actual, size_t predicted)
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

cnn_status_t cnn_evaluation_reliability(const cnn_evaluation_t *evaluation, size_t bin,
                                        cnn_reliability_t *reliability)
{
    CD_REQUIRE(NULL, evaluation);
    CD_API_TRY(evaluation->context, cd_check_index(__func__, bin, CNN_RELIABILITY_BINS));
    return cd_api_result(evaluation->context,
                         cd_result_write(__func__, &evaluation->reliability[bin],
                                         sizeof *evaluation->reliability, reliability));
}

cnn_status_t cnn_model_calibrate(cnn_model_t *model, cnn_dataset_t *dataset,
                                 const cnn_evaluate_options_t *options,
                                 cnn_calibration_t *calibration)
{
    cnn_evaluate_options_t own;
    cnn_calibration_t result = {.struct_size = sizeof result};

    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, dataset);
    CD_REQUIRE(model->context, calibration);
    CD_API_TRY(model->context, read_options(options, &own));
    /* Written once before the model changes: if `calibration` is not valid, the call fails here. */
    CD_API_TRY(model->context, cd_result_write(__func__, &result, sizeof result, calibration));
    CD_API_TRY(model->context, cd_calibrate(model, dataset, &own, &result));
    return cd_api_result(model->context,
                         cd_result_write(__func__, &result, sizeof result, calibration));
}

/* SPDX-License-Identifier: MIT
 *
 * Evaluation of a model on a labelled dataset. */
#ifndef CD_EVALUATE_EVALUATE_H
#define CD_EVALUATE_EVALUATE_H

#include "data/dataset.h"
#include "model/model.h"

struct cnn_evaluation {
    cnn_context_t *context; /* the struct holds a reference */
    size_t n, n_classes;
    float *probabilities; /* n x n_classes */
    size_t *confusion;    /* counts: actual class x predicted class */
    cnn_metrics_t metrics;
    cnn_reliability_t reliability[CNN_RELIABILITY_BINS];
};

/* Evaluates the model as cnn_model_evaluate does. options: with all defaults filled in. Free
 * *evaluation with cd_evaluation_free. Errors: as for cnn_model_evaluate. */
cnn_status_t cd_evaluate(const cnn_model_t *model, cnn_dataset_t *data,
                         const cnn_evaluate_options_t *options, cnn_evaluation_t **evaluation);
void cd_evaluation_free(cnn_evaluation_t *evaluation);

#endif

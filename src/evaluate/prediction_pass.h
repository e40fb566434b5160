/* SPDX-License-Identifier: MIT
 *
 * Runs a network over a dataset in prediction mode, batch by batch, in buffers of the caller.
 * Training uses this for validation. evaluate/outputs.h adds the buffers for other callers. */
#ifndef CD_EVALUATE_PREDICTION_PASS_H
#define CD_EVALUATE_PREDICTION_PASS_H

#include "data/loader.h"
#include "model/model.h"
#include "plan/plan.h"

struct cd_prediction_pass {
    const cnn_model_t *model;
    const float *weights, *statistics; /* the model's, or others in the same layout */
    const cnn_dataset_t *data;         /* loaded: cd_prepare_data */
    struct cd_plan *plan;
    struct cd_loader *loader;  /* with the batch size of the plan */
    const float (*table)[256]; /* the result of cd_preprocess_table */
    int mirror;               /* 1: test-time mirroring */
    /* samples x network outputs. If mirror is set and mirrored is NULL: the mean of the outputs of
     * the image and of its mirror image */
    float *outputs;
    /* outputs of the mirror images, as many floats as `outputs`; requires mirror. NULL: not stored
     * separately */
    float *mirrored;
    uint32_t *labels;         /* one for each sample */
    cnn_progress_fn progress; /* progress callback, or NULL */
    void *user;
    const cnn_cancel_t *cancel;
};

/* Runs the network and fills in outputs and labels in the order of the dataset, without the photos
 * that have become unreadable. *n: the number of samples written. Errors: CANCELLED, MEMORY. */
cnn_status_t cd_prediction_pass_run(const struct cd_prediction_pass *pass, size_t *n);

#endif

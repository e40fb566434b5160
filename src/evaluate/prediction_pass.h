/* SPDX-License-Identifier: MIT
 *
 * One pass of a network over a dataset in prediction mode, batch by batch, with buffers of the
 * caller. Training validates with it; evaluate/outputs.h brings the buffers along. */
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
    struct cd_loader *loader;  /* its batch is the plan's */
    const float (*table)[256]; /* the result of cd_preprocess_table */
    int mirror;                /* 1: test-time mirroring */
    float *outputs;           /* samples x outputs of the network. With mirror and without mirrored:
                                 the mean of both outputs of a sample */
    float *mirrored;          /* NULL, or with mirror as many floats: the outputs of the mirrored
                                 images, which outputs then does not contain */
    uint32_t *labels;         /* one a sample */
    cnn_progress_fn progress; /* NULL: no calls */
    void *user;
    const cnn_cancel_t *cancel;
};

/* Fills outputs and labels in the order of the dataset. Photos that have become unreadable are left
 * out. *n: the samples that are there. Errors: CANCELLED, MEMORY. */
cnn_status_t cd_prediction_pass_run(const struct cd_prediction_pass *pass, size_t *n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What training and evaluation check of a model and a dataset before they begin, and the pass of a
 * network over a whole dataset that both make. */
#ifndef CD_EVALUATE_SWEEP_H
#define CD_EVALUATE_SWEEP_H

#include "data/loader.h"
#include "model/model.h"
#include "plan/plan.h"

/* The model sees photos, and the classes of data are the model's (in order; ASCII case does not
 * matter). Errors: SHAPE, DATA. */
cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data);

/* That, and data is loaded with the model's preprocess. load: as cd_dataset_load takes it. Errors:
 * SHAPE, DATA, and those of cd_dataset_load. */
cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_dataset_load_options_t *load);

/* A plan and its buffers, the data it runs over, and where the results go. */
struct cd_sweep {
    const cnn_model_t *model;
    const float *weights, *statistics; /* the model's, or others laid out as they are */
    const cnn_dataset_t *data; /* prepared */
    struct cd_plan *plan;
    struct cd_loader *loader; /* with the plan's batch */
    const float (*table)[256];
    int mirror;       /* 1: the mean of the outputs of each picture and its mirror image */
    float *outputs;   /* data's count x the network's outputs */
    float *mirrored;  /* NULL, or with mirror: the outputs of the mirror images apart, as many */
    uint32_t *labels; /* data's count */
    cnn_progress_fn progress; /* or NULL */
    void *user;
    const cnn_cancel_t *cancel;
};

/* The network's outputs for every sample, in order, in prediction mode. *n: how many there are;
 * photos that could not be had any more are left out. Errors: CANCELLED, MEMORY. */
cnn_status_t cd_sweep_run(const struct cd_sweep *sweep, size_t *n);

#endif

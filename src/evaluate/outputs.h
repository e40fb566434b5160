/* SPDX-License-Identifier: MIT
 *
 * Computes the outputs of a network for every sample of a dataset. The struct owns the plan, the
 * loader and the buffers that are needed for it. */
#ifndef CD_EVALUATE_OUTPUTS_H
#define CD_EVALUATE_OUTPUTS_H

#include "data/loader.h"
#include "model/model.h"
#include "plan/plan.h"

/* Initialise it with {.context = model->context} before calling cd_outputs_run. */
struct cd_outputs {
    cnn_context_t *context;
    struct cd_plan *plan;
    struct cd_loader *loader;
    float table[3][256];
    size_t n, columns; /* number of samples; number of network outputs */
    float *values;     /* n x columns */
    float *mirrored;   /* n x columns, outputs of the mirrored images; or NULL */
    uint32_t *labels;  /* n labels */
};

/* Runs a network over a dataset that cd_prepare_data has loaded. graph: the model's graph, or one
 * with the same shapes and parameters. options: with all defaults filled in. apart: matters only if
 * options->mirror is set. 1: `values` and `mirrored` receive the outputs of the images and of their
 * mirror images; 0: `values` receives the mean of both. Release outputs also on failure. Errors:
 * MEMORY; IO (a photo has become unreadable, so its output is missing); CANCELLED. */
cnn_status_t cd_outputs_run(struct cd_outputs *outputs, const cnn_model_t *model,
                            const cnn_graph_t *graph, const cnn_dataset_t *data,
                            const cnn_evaluate_options_t *options, int apart);
void cd_outputs_release(struct cd_outputs *outputs);

#endif

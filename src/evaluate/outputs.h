/* SPDX-License-Identifier: MIT
 *
 * The outputs of a network for every sample of a dataset, with the plan, loader and buffers that
 * computing them takes. */
#ifndef CD_EVALUATE_OUTPUTS_H
#define CD_EVALUATE_OUTPUTS_H

#include "data/loader.h"
#include "model/model.h"
#include "plan/plan.h"

/* Begins as {.context = the model's}. */
struct cd_outputs {
    cnn_context_t *context;
    struct cd_plan *plan;
    struct cd_loader *loader;
    float table[3][256];
    size_t n, columns; /* samples; outputs of the network */
    float *values;     /* n x columns */
    float *mirrored;   /* n x columns, the outputs of the mirrored images; or NULL */
    uint32_t *labels;  /* n labels */
};

/* Runs a network over data, which is prepared (cd_prepare_data). graph: the model's, or one with
 * the same shapes and parameters. options: complete. apart: 1 keeps the outputs of the images and
 * of the mirrored images apart instead of their mean, if options ask for mirroring. Release outputs
 * also on failure. Errors: MEMORY; IO (a photo has become unreadable, so its output is missing);
 * CANCELLED. */
cnn_status_t cd_outputs_run(struct cd_outputs *outputs, const cnn_model_t *model,
                            const cnn_graph_t *graph, const cnn_dataset_t *data,
                            const cnn_evaluate_options_t *options, int apart);
void cd_outputs_release(struct cd_outputs *outputs);

#endif

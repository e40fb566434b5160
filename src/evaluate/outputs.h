/* SPDX-License-Identifier: MIT
 *
 * What a network says of each sample of a data set, beside the labels. */
#ifndef CD_EVALUATE_OUTPUTS_H
#define CD_EVALUATE_OUTPUTS_H

#include "evaluate/sweep.h"

/* Starts as {.context = the model's}. */
struct cd_outputs {
    cnn_context_t *context;
    struct cd_plan *plan;
    struct cd_loader *loader;
    float table[3][256];
    size_t n, columns; /* samples; the network's outputs */
    float *values;     /* n x columns */
    float *mirrored;   /* apart: of the mirror images; else NULL */
    uint32_t *labels;  /* n */
};

/* Runs the network over data, which is prepared. graph: the model's, or one with the same shapes
 * and parameters. options: complete. apart: with options' mirror, the outputs of the photos and of
 * their mirror images are kept, instead of their mean. outputs is to be released also on failure.
 * Errors: MEMORY, IO (a photo cannot be had any more: a result is wanted for each), CANCELLED. */
cnn_status_t cd_outputs_run(struct cd_outputs *outputs, const cnn_model_t *model,
                            const cnn_graph_t *graph, const cnn_dataset_t *data,
                            const cnn_evaluate_options_t *options, int apart);
void cd_outputs_release(struct cd_outputs *outputs);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The exponential moving average of the weights and statistics during training (Polyak and
 * Juditsky 1992). The decay grows during the first steps, as in TensorFlow's
 * ExponentialMovingAverage. */
#ifndef CD_TRAIN_AVERAGE_H
#define CD_TRAIN_AVERAGE_H

#include "model/model.h"

struct cd_average {
    cnn_context_t *context;
    double decay;
    float *weights, *statistics; /* laid out as the model's; NULL if decay is 0 */
    size_t n_weights, n_statistics;
    size_t frozen_weights, frozen_statistics; /* number of frozen floats, which come first */
};

/* Initialises the average with the current weights and statistics of the model. decay: from 0 (no
 * average) to below 1. frozen_nodes: number of frozen nodes, which are the first of the graph.
 * Release average also on failure. Errors: MEMORY. */
cnn_status_t cd_average_init(const cnn_model_t *model, double decay, size_t frozen_nodes,
                             struct cd_average *average);

/* Frees the buffers of an average, which may be all zero. */
void cd_average_release(struct cd_average *average);

/* Updates the average after step number `step` (from 0). Does nothing if average->decay is 0. */
void cd_average_step(struct cd_average *average, const cnn_model_t *model, uint64_t step);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The exponential moving average of a training's weights and statistics (Polyak and Juditsky 1992;
 * the decay grows in the first steps as in TensorFlow's ExponentialMovingAverage). */
#ifndef CD_TRAIN_AVERAGE_H
#define CD_TRAIN_AVERAGE_H

#include "model/model.h"

struct cd_average {
    cnn_context_t *context;
    double decay;
    float *weights, *statistics; /* laid out as the model's; NULL if decay is 0: there is none */
    size_t n_weights, n_statistics;
    size_t frozen_weights, frozen_statistics; /* the first so many do not move */
};

/* Begins with the model's present weights; those of the first frozen_nodes nodes do not move.
 * decay: 0, or below 1. On failure the caller still has to release. Errors: MEMORY. */
cnn_status_t cd_average_init(const cnn_model_t *model, double decay, size_t frozen_nodes,
                             struct cd_average *average);

/* Copes with a zeroed one. */
void cd_average_release(struct cd_average *average);

/* After step number step (from 0). Nothing if there is none. */
void cd_average_step(struct cd_average *average, const cnn_model_t *model, uint64_t step);

#endif

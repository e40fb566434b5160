/* SPDX-License-Identifier: MIT
 *
 * The losses: computes the value and the gradient for the outputs and the labels of a batch. */
#ifndef CD_TRAIN_LOSS_H
#define CD_TRAIN_LOSS_H

#include "core/enum_names.h"
#include "data/mix.h"
#include "graph/graph.h"

/* Checks that the network's output fits the loss. Errors: ARGUMENT, naming the layer. */
cnn_status_t cd_loss_check(const cnn_graph_t *graph, cnn_loss_t loss);

/* The names of cnn_loss_t: "mse", "binary_cross_entropy", "cross_entropy". */
extern const struct cd_enum_names cd_loss_names;

/* Returns 1 if cd_loss_batch computes the gradient with respect to the logits, the inputs of the
 * final sigmoid or softmax; 0 if with respect to the outputs. */
int cd_loss_before_activation(cnn_loss_t loss);

/* The targets of n samples. */
struct cd_targets {
    const uint32_t *labels; /* n labels; the target is the label itself (one output) or one-hot */
    const struct cd_mixture *mixtures; /* second label and share of each of n samples, or NULL */
    double smoothing; /* strength of label smoothing, 0 to 1 (Szegedy et al. 2016, section 7) */
    /* One loss weight for each class, or NULL: all are 1. The weight of a mixed sample is the mean
     * of the weights of both labels by their shares. The weighted sum of the losses is divided by
     * n, not by the sum of the weights. */
    const double *weights;
};

/* Returns the mean loss of n samples, which is not finite if an output is NaN. y: n x outputs. dy:
 * n x outputs, overwritten with the gradient; or NULL. */
double cd_loss_batch(cnn_loss_t loss, const float *y, const struct cd_targets *targets, size_t n,
                     size_t outputs, float *dy);

#endif

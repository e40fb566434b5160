/* SPDX-License-Identifier: MIT
 *
 * The losses: value and gradient for the outputs of a batch and their labels. */
#ifndef CD_TRAIN_LOSS_H
#define CD_TRAIN_LOSS_H

#include "core/enum_names.h"
#include "data/mix.h"
#include "graph/graph.h"

/* Checks that the network's output fits the loss. Errors: ARGUMENT, naming the layer. */
cnn_status_t cd_loss_check(const cnn_graph_t *graph, cnn_loss_t loss);

/* The names of cnn_loss_t: "mse", "binary_cross_entropy", "cross_entropy". */
extern const struct cd_enum_names cd_loss_names;

/* 1 if the gradient of cd_loss_batch is by the logits, which enter the last sigmoid or softmax,
 * and not by the outputs. */
int cd_loss_before_activation(cnn_loss_t loss);

/* The targets of n samples. */
struct cd_targets {
    const uint32_t *labels; /* n labels. One output: the label is the target; more: one-hot */
    const struct cd_mixture *mixtures; /* n pairs of labels with their shares; NULL: not mixed */
    double smoothing; /* label smoothing, 0 to 1 (Szegedy et al. 2016, section 7) */
    /* One factor for each label; NULL: all are 1. A mixed sample has the weights of both labels in
     * their shares. The sum is divided by n whatever the factors are. */
    const double *weights;
};

/* Returns the mean loss of n samples, which is not finite if an output is not. y: n x outputs.
 * dy: n x outputs, overwritten with the gradient; or NULL. */
double cd_loss_batch(cnn_loss_t loss, const float *y, const struct cd_targets *targets, size_t n,
                     size_t outputs, float *dy);

#endif

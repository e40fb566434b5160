/* SPDX-License-Identifier: MIT
 *
 * The losses: value and gradient of a batch of outputs beside their labels. */
#ifndef CD_TRAIN_LOSS_H
#define CD_TRAIN_LOSS_H

#include "core/enum_names.h"
#include "data/mix.h"
#include "graph/graph.h"

/* Whether the loss can be taken of this network's output. Errors: ARGUMENT, naming the
 * layer. */
cnn_status_t cd_loss_check(const cnn_graph_t *graph, cnn_loss_t loss);

/* Of cnn_loss_t: "mse", "binary_cross_entropy", "cross_entropy". */
extern const struct cd_enum_names cd_loss_names;

/* 1 if the gradient below is the one by what enters the output's sigmoid or softmax. */
int cd_loss_before_activation(cnn_loss_t loss);

/* What the outputs of n pictures should be. */
struct cd_targets {
    const uint32_t *labels; /* n, below 2 if there is one output (whose target is the label), else
                               below outputs (the target is one-hot) */
    const struct cd_mixture *mixtures; /* n: targets of the label and of another, in shares; NULL:
                                          the label alone */
    /* 0, or the part of each target that is shared out among the classes, at most 1 (Szegedy et al.
     * 2016, section 7) */
    double smoothing;
    /* one for each label, by which a picture's term is multiplied (the divisor is n whatever they
     * are); NULL: all 1. A mixed picture has its labels' weights in their shares */
    const double *weights;
};

/* The loss' mean over n pictures, not finite if an output is not. y: n x outputs. dy (n x outputs),
 * unless NULL, receives its gradient. */
double cd_loss_batch(cnn_loss_t loss, const float *y, const struct cd_targets *targets, size_t n,
                     size_t outputs, float *dy);

#endif

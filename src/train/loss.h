/* SPDX-License-Identifier: MIT
 *
 * The losses: value and gradient of a batch of outputs beside their labels. */
#ifndef CD_TRAIN_LOSS_H
#define CD_TRAIN_LOSS_H

#include "graph/graph.h"

/* Whether the loss can be taken of this network's output. Errors: ARGUMENT, naming the layer. */
cnn_status_t cd_loss_check(const cnn_graph_t *graph, cnn_loss_t loss);

/* "mse", "binary_cross_entropy", "cross_entropy". */
const char *cd_loss_name(cnn_loss_t loss);

/* 1 if the gradient below is the one by what enters the output's sigmoid or softmax. */
int cd_loss_before_activation(cnn_loss_t loss);

/* The loss' mean over n pictures, not finite if an output is not. y: n x outputs. labels: n, below
 * 2 if outputs is 1 (the target is the label), else below outputs (the target is one-hot).
 * dy (n x outputs), unless NULL, receives its gradient. */
double cd_loss_batch(cnn_loss_t loss, const float *y, const uint32_t *labels, size_t n,
                     size_t outputs, float *dy);

#endif

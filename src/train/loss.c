/* SPDX-License-Identifier: MIT */
#include "train/loss.h"

#include <math.h>

#include "graph/layer_enums.h"

static const char *const names[] = {[CNN_LOSS_MSE] = "mse",
                                    [CNN_LOSS_BINARY_CROSS_ENTROPY] = "binary_cross_entropy",
                                    [CNN_LOSS_CROSS_ENTROPY] = "cross_entropy"};

const struct cd_enum_names cd_loss_names = CD_ENUM_NAMES(names);

cnn_status_t cd_loss_check(const cnn_graph_t *graph, cnn_loss_t loss)
{
    const struct cd_node *output = cd_graph_output(graph);
    const size_t outputs = cd_shape_size(output->shape);
    const char *needs;

    if (loss == CNN_LOSS_BINARY_CROSS_ENTROPY) {
        if (outputs == 1 && output->activation == CNN_ACTIVATION_SIGMOID)
            return CNN_OK;
        needs = "one sigmoid output";
    } else if (loss == CNN_LOSS_CROSS_ENTROPY) {
        if (outputs > 1 && outputs == output->shape.c &&
            output->activation == CNN_ACTIVATION_SOFTMAX)
            return CNN_OK;
        needs = "two or more softmax outputs";
    } else {
        return CNN_OK;
    }
    return cd_error(CNN_ERROR_ARGUMENT,
                    "the loss %s needs %s; layer \"%s\" has %zu output%s with activation %s",
                    cd_enum_name(&cd_loss_names, loss), needs, output->name, outputs,
                    outputs == 1 ? "" : "s",
                    cd_enum_name(&cd_activation_names, output->activation));
}

int cd_loss_before_activation(cnn_loss_t loss)
{
    return loss != CNN_LOSS_MSE;
}

/* Returns the target of output j for a label: the label itself if there is one output, else 1 for
 * the labelled class and 0 for all others. */
static double one_hot(uint32_t label, size_t j, size_t outputs)
{
    return outputs == 1 ? (double)label : (double)(label == j);
}

/* Returns the target of output j for sample i, after mixing and label smoothing. */
static double target(const struct cd_targets *targets, size_t i, size_t j, size_t outputs)
{
    double t = one_hot(targets->labels[i], j, outputs);

    if (targets->mixtures) {
        const struct cd_mixture *mixture = &targets->mixtures[i];
        const double share = (double)mixture->share;
        t = share * t + (1 - share) * one_hot(mixture->other, j, outputs);
    }
    if (targets->smoothing > 0) /* a single output represents two classes */
        t = (1 - targets->smoothing) * t + targets->smoothing / (double)(outputs < 2 ? 2 : outputs);
    return t;
}

/* Returns the loss weight of sample i: the weight of its class, or of both classes by their shares
 * if the sample is mixed. */
static double weight(const struct cd_targets *targets, size_t i)
{
    const double *weights = targets->weights;

    if (!weights)
        return 1;
    if (!targets->mixtures)
        return weights[targets->labels[i]];
    const double share = (double)targets->mixtures[i].share;
    return share * weights[targets->labels[i]] + (1 - share) * weights[targets->mixtures[i].other];
}

/* Clips a probability to 1e-7 .. 1 - 1e-7, as Keras does. NaN stays NaN. */
static double clipped(double p)
{
    return p < 1e-7 ? 1e-7 : p > 1 - 1e-7 ? 1 - 1e-7 : p;
}

/* Returns the mean of w (y - t)^2 over all outputs of all samples. y is an output, t its target and
 * w the weight of the sample. dy receives the gradient 2 w (y - t) / (n outputs). */
static double mse(const float *y, const struct cd_targets *targets, size_t n, size_t outputs,
                  float *dy)
{
    const double count = (double)n * (double)outputs;
    double sum = 0;

    for (size_t k = 0; k < n * outputs; k++) {
        const double w = weight(targets, k / outputs);
        double error = (double)y[k] - target(targets, k / outputs, k % outputs, outputs);
        sum += w * (error * error);
        if (dy)
            dy[k] = (float)(w * (2 * error / count));
    }
    return sum / count;
}

/* Computes the gradient with respect to the logits. It is w (y - t) / n for both cross-entropies,
 * because the targets of a sample sum to 1. */
static void cross_entropy_gradient(const float *y, const struct cd_targets *targets, size_t n,
                                   size_t outputs, float *dy)
{
    for (size_t k = 0; k < n * outputs; k++) {
        double error = (double)y[k] - target(targets, k / outputs, k % outputs, outputs);
        dy[k] = (float)(weight(targets, k / outputs) * (error / (double)n));
    }
}

/* Returns -t log p, without computing the logarithm if t is 0. */
static double surprise(double t, double p)
{
    return t == 0 ? 0 : -t * log(clipped(p));
}

/* Returns the mean over the samples of w times the sum of -t log y over the classes. w is the
 * weight of the sample, y a probability and t its target. */
static double cross_entropy(const float *y, const struct cd_targets *targets, size_t n,
                            size_t outputs)
{
    double total = 0;

    for (size_t i = 0; i < n; i++) {
        const float *p = y + i * outputs;
        double sum = 0;
        for (size_t j = 0; j < outputs; j++)
            sum += surprise(target(targets, i, j, outputs), (double)p[j]);
        if (outputs == 1)
            sum += surprise(1 - target(targets, i, 0, 1), 1 - (double)p[0]);
        total += weight(targets, i) * sum;
    }
    return total / (double)n;
}

double cd_loss_batch(cnn_loss_t loss, const float *y, const struct cd_targets *targets, size_t n,
                     size_t outputs, float *dy)
{
    if (loss == CNN_LOSS_MSE)
        return mse(y, targets, n, outputs, dy);
    if (dy)
        cross_entropy_gradient(y, targets, n, outputs, dy);
    return cross_entropy(y, targets, n, outputs);
}

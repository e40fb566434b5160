/* SPDX-License-Identifier: MIT */
#include "train/loss.h"

#include <math.h>

const char *cd_loss_name(cnn_loss_t loss)
{
    switch (loss) {
    case CNN_LOSS_BINARY_CROSS_ENTROPY:
        return "binary_cross_entropy";
    case CNN_LOSS_CROSS_ENTROPY:
        return "cross_entropy";
    default:
        return "mse";
    }
}

static const char *activation_name(const struct cd_node *node)
{
    static const char *const names[] = {"no activation", "ReLU", "leaky ReLU", "sigmoid",
                                        "softmax"};
    return names[node->activation];
}

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
    return cd_error(graph->context, CNN_ERROR_ARGUMENT,
                    "the loss %s needs %s; layer \"%s\" has %zu output%s with %s",
                    cd_loss_name(loss), needs, output->name, outputs, outputs == 1 ? "" : "s",
                    activation_name(output));
}

int cd_loss_before_activation(cnn_loss_t loss)
{
    return loss != CNN_LOSS_MSE;
}

/* What output j of a picture should be. */
static double target(uint32_t label, size_t j, size_t outputs)
{
    return outputs == 1 ? (double)label : (double)(label == j);
}

/* Away from 0 and 1, as Keras does; NaN stays NaN. */
static double clipped(double p)
{
    return p < 1e-7 ? 1e-7 : p > 1 - 1e-7 ? 1 - 1e-7 : p;
}

/* mean of (y - t)^2 over n x outputs; gradient 2 (y - t) / (n outputs). */
static double mse(const float *y, const uint32_t *labels, size_t n, size_t outputs, float *dy)
{
    const double count = (double)n * (double)outputs;
    double sum = 0;

    for (size_t i = 0; i < n * outputs; i++) {
        double error = (double)y[i] - target(labels[i / outputs], i % outputs, outputs);
        sum += error * error;
        if (dy)
            dy[i] = (float)(2 * error / count);
    }
    return sum / count;
}

/* The cross entropies share their gradient before the sigmoid or softmax: (y - t) / n. */
static void cross_entropy_gradient(const float *y, const uint32_t *labels, size_t n,
                                   size_t outputs, float *dy)
{
    for (size_t i = 0; i < n * outputs; i++) {
        double error = (double)y[i] - target(labels[i / outputs], i % outputs, outputs);
        dy[i] = (float)(error / (double)n);
    }
}

/* mean of -log(probability of the label). */
static double cross_entropy(const float *y, const uint32_t *labels, size_t n, size_t outputs)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (outputs == 1)
            sum -= log(clipped(labels[i] ? (double)y[i] : 1 - (double)y[i]));
        else
            sum -= log(clipped(y[i * outputs + labels[i]]));
    }
    return sum / (double)n;
}

double cd_loss_batch(cnn_loss_t loss, const float *y, const uint32_t *labels, size_t n,
                     size_t outputs, float *dy)
{
    if (loss == CNN_LOSS_MSE)
        return mse(y, labels, n, outputs, dy);
    if (dy)
        cross_entropy_gradient(y, labels, n, outputs, dy);
    return cross_entropy(y, labels, n, outputs);
}

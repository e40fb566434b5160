/* SPDX-License-Identifier: MIT */
#include "support/double_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"

struct net {
    const cnn_graph_t *graph;
    const double *weights;
    const float *statistics;
    size_t n;
    int training;
    uint64_t seed, step;
    double **values;
};

static size_t size_of(struct cd_shape s)
{
    return s.h * s.w * s.c;
}

static const struct cd_param *param(const struct net *net, const struct cd_node *node, size_t k)
{
    return &net->graph->params[node->first_param + k];
}

/* Returns feature map x at (row, column, c). Sets *inside to 1; in the padding, returns 0 and sets
 * *inside to 0. */
static double at(const double *x, struct cd_shape s, long row, long column, size_t c, int *inside)
{
    *inside = row >= 0 && column >= 0 && row < (long)s.h && column < (long)s.w;
    return *inside ? x[((size_t)row * s.w + (size_t)column) * s.c + c] : 0.0;
}

static double window_value(const struct net *net, const struct cd_node *node, const double *x,
                           struct cd_shape in, size_t r, size_t q, size_t o)
{
    const struct cd_window *w = &node->window;
    double sum = 0.0, largest = -INFINITY, count = 0.0;

    for (size_t i = 0; i < w->kh; i++)
        for (size_t j = 0; j < w->kw; j++) {
            const long row = (long)(r * w->sh + i) - (long)w->top;
            const long column = (long)(q * w->sw + j) - (long)w->left;
            int inside;
            if (node->type != CD_NODE_CONV2D) {
                const double value = at(x, in, row, column, o, &inside);
                if (inside) {
                    largest = fmax(largest, value);
                    sum += value;
                    count += 1.0;
                }
                continue;
            }
            const double *kernel = net->weights + param(net, node, 0)->offset;
            for (size_t c = 0; c < in.c; c++)
                sum += at(x, in, row, column, c, &inside) *
                       kernel[((i * w->kw + j) * in.c + c) * node->shape.c + o];
        }
    if (node->type == CD_NODE_CONV2D)
        return sum;
    return node->type == CD_NODE_MAX_POOL2D ? largest : sum / count;
}

static void activate(const struct cd_node *node, double *y, size_t n)
{
    const size_t c = node->shape.c;

    for (size_t i = 0; i < n; i++)
        if (node->activation == CNN_ACTIVATION_RELU)
            y[i] = fmax(y[i], 0.0);
        else if (node->activation == CNN_ACTIVATION_LEAKY_RELU)
            y[i] = y[i] > 0.0 ? y[i] : node->alpha * y[i];
        else if (node->activation == CNN_ACTIVATION_SIGMOID)
            y[i] = 1.0 / (1.0 + exp(-y[i]));
    for (size_t i = 0; node->activation == CNN_ACTIVATION_SOFTMAX && i < n; i += c) {
        double sum = 0.0;
        for (size_t k = 0; k < c; k++)
            sum += y[i + k] = exp(y[i + k]);
        for (size_t k = 0; k < c; k++)
            y[i + k] /= sum;
    }
}

static void batch_norm(const struct net *net, const struct cd_node *node, const double *x,
                       double *y)
{
    const size_t c = node->shape.c, rows = net->n * size_of(node->shape) / c;
    const double *gamma = net->weights + param(net, node, 0)->offset;
    const double *beta = net->weights + param(net, node, 1)->offset;

    for (size_t k = 0; k < c; k++) {
        double mean = 0.0, variance = 0.0;
        if (net->training) {
            for (size_t r = 0; r < rows; r++)
                mean += x[r * c + k] / (double)rows;
            for (size_t r = 0; r < rows; r++)
                variance += (x[r * c + k] - mean) * (x[r * c + k] - mean) / (double)rows;
        } else {
            mean = net->statistics[param(net, node, 2)->offset + k];
            variance = net->statistics[param(net, node, 3)->offset + k];
        }
        for (size_t r = 0; r < rows; r++)
            y[r * c + k] = gamma[k] * (x[r * c + k] - mean) / sqrt(variance + node->epsilon) +
                           beta[k];
    }
}

static void run_node(const struct net *net, size_t index, double *y)
{
    const struct cd_node *node = &net->graph->nodes[index];
    const struct cd_shape in = net->graph->nodes[node->inputs[0]].shape;
    const double *x = net->values[node->inputs[0]], *x2 = net->values[node->inputs[1]];
    const size_t out_size = size_of(node->shape), in_size = size_of(in);
    const uint64_t key = cd_random_key(net->seed, CD_STREAM_DROPOUT, index, net->step);

    for (size_t i = 0; i < net->n * out_size; i++) {
        const size_t image = i / out_size, place = i % out_size, o = i % node->shape.c;
        switch (node->type) {
        case CD_NODE_CONV2D:
        case CD_NODE_MAX_POOL2D:
        case CD_NODE_AVERAGE_POOL2D:
        case CD_NODE_GLOBAL_AVERAGE_POOL2D:
            y[i] = window_value(net, node, x + image * in_size, in,
                                place / node->shape.c / node->shape.w,
                                place / node->shape.c % node->shape.w, o);
            break;
        case CD_NODE_DENSE:
            y[i] = 0.0;
            for (size_t k = 0; k < in_size; k++)
                y[i] += x[image * in_size + k] *
                        net->weights[param(net, node, 0)->offset + k * node->shape.c + o];
            break;
        case CD_NODE_ADD:
            y[i] = x[i] + x2[i];
            break;
        case CD_NODE_DROPOUT:
            y[i] = !net->training ? x[i]
                   : cd_random_float(key, i) < node->rate ? 0.0 : x[i] / (1.0 - node->rate);
            break;
        default:
            y[i] = x[i];
        }
        if (node->bias)
            y[i] += net->weights[param(net, node, 1)->offset + o];
    }
    if (node->type == CD_NODE_BATCH_NORM)
        batch_norm(net, node, x, y);
    activate(node, y, net->n * out_size);
}

void double_net_run(const cnn_graph_t *graph, const double *weights, const float *statistics,
                    const float *x, size_t n, int training, uint64_t seed, uint64_t step,
                    double *y)
{
    struct net net = {graph, weights, statistics, n, training, seed, step,
                      calloc(graph->n_nodes, sizeof(double *))};
    const size_t last = graph->n_nodes - 1;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        const size_t size = n * size_of(graph->nodes[i].shape);
        net.values[i] = malloc(size * sizeof(double));
        if (graph->nodes[i].type == CD_NODE_INPUT)
            for (size_t k = 0; k < size; k++)
                net.values[i][k] = x[k];
        else
            run_node(&net, i, net.values[i]);
    }
    memcpy(y, net.values[last], n * size_of(graph->nodes[last].shape) * sizeof *y);
    for (size_t i = 0; i < graph->n_nodes; i++)
        free(net.values[i]);
    free(net.values);
}

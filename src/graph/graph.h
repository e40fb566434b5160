/* SPDX-License-Identifier: MIT
 *
 * What a network is: nodes in the order they were added (each after its inputs), shapes, and the
 * parameters by name. Plain data, with no notion of how it is run. */
#ifndef CD_GRAPH_GRAPH_H
#define CD_GRAPH_GRAPH_H

#include "core/context.h"
#include "graph/kind_list.h"

enum { CD_NAME_SIZE = 64 };

/* CD_NODE_INPUT, CD_NODE_CONV2D, ... */
#define CD_NODE_NUMBER(type, name) CD_NODE_##type,
enum cd_node_type { CD_KIND_LIST(CD_NODE_NUMBER) };

struct cd_shape {
    size_t h, w, c;
};

/* A window that slides: convolution and pooling. Padding is resolved to numbers. */
struct cd_window {
    size_t kh, kw; /* size */
    size_t sh, sw; /* stride */
    size_t top, bottom, left, right;
};

struct cd_node {
    enum cd_node_type type;
    char *name;       /* owned by the graph, never moves */
    size_t inputs[2]; /* indices of earlier nodes */
    size_t n_inputs;
    struct cd_shape shape;       /* of the output */
    struct cd_window window;     /* convolution, pooling */
    cnn_activation_t activation; /* convolution, dense, activation; NONE of the others */
    float alpha;                 /* leaky ReLU, default put in */
    int bias;                    /* convolution, dense */
    cnn_initializer_t initializer;
    float rate;              /* dropout */
    float momentum, epsilon; /* batch normalisation */
    size_t first_param;      /* its parameters: params[first_param .. first_param + n_params - 1] */
    size_t n_params;
};

/* Order within a node: convolution, dense: kernel, bias (if any). Batch normalisation: gamma, beta
 * (trainable), moving_mean, moving_variance (not). */
enum cd_param_role {
    CD_PARAM_KERNEL,
    CD_PARAM_BIAS,
    CD_PARAM_GAMMA,
    CD_PARAM_BETA,
    CD_PARAM_MOVING_MEAN,
    CD_PARAM_MOVING_VARIANCE
};

struct cd_param {
    enum cd_param_role role;
    char name[2 * CD_NAME_SIZE]; /* "node/kernel" */
    size_t node;
    size_t rank;
    /* convolution kernel: kh kw ci co; dense kernel: inputs units; else: channels */
    size_t dims[4];
    size_t count;
    size_t fan_in, fan_out; /* kernels */
    int trainable;
    /* Where it begins, in floats, in the block of trainable parameters (trainable) or in the block
     * of statistics (not). Each begins on a multiple of CD_PARAM_ALIGN floats. */
    size_t offset;
};

enum { CD_PARAM_ALIGN = 16 };

struct cnn_graph {
    cnn_context_t *context;
    char preset[CD_NAME_SIZE]; /* "" unless made by cnn_graph_create_preset */
    struct cd_node *nodes;
    size_t n_nodes, nodes_capacity;
    struct cd_param *params;
    size_t n_params, params_capacity;
    size_t trainable_size; /* floats of the two blocks, gaps between parameters included */
    size_t statistics_size;
};

cnn_status_t cd_graph_create(cnn_context_t *context, cnn_graph_t **graph);
cnn_status_t cd_graph_copy(const cnn_graph_t *graph, cnn_graph_t **copy);
void cd_graph_free(cnn_graph_t *graph);

/* NULL if none has the name. */
const struct cd_param *cd_graph_param(const cnn_graph_t *graph, const char *name);

const struct cd_node *cd_graph_node(const cnn_graph_t *graph, const char *name);

/* The last node. The graph must not be empty. */
const struct cd_node *cd_graph_output(const cnn_graph_t *graph);

/* Sets needed[i] of each node that the output depends on, itself too, to 1. */
void cd_graph_mark_needed(const cnn_graph_t *graph, unsigned char *needed);

/* Values of a feature map. */
static inline size_t cd_shape_size(struct cd_shape shape)
{
    return shape.h * shape.w * shape.c;
}

/* Shape of a node's first input. */
static inline struct cd_shape cd_input_shape(const cnn_graph_t *graph, const struct cd_node *node)
{
    return graph->nodes[node->inputs[0]].shape;
}

/* Floats of the block of trainable parameters, or of that of statistics, that lie before those of
 * the nodes from number nodes on. */
size_t cd_graph_floats_before(const cnn_graph_t *graph, size_t nodes, int trainable);

/* Values of a node's parameters, trained or not. */
uint64_t cd_node_parameters(const cnn_graph_t *graph, size_t node);

/* 1 if a name, of a layer or a metadata key, has 1 to 63 letters, digits, _ - . only. */
int cd_name_valid(const char *name);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The graph of a network: nodes in the order in which they were added (each after its inputs),
 * their shapes, and named parameters. A graph is plain data and does not know how it is run.
 *
 * Several threads may read a graph; nobody may read it while a layer is added. */
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

/* The sliding window of a convolution or pooling. Padding is a number on each side. */
struct cd_window {
    size_t kh, kw; /* height and width of the window */
    size_t sh, sw; /* vertical and horizontal stride */
    size_t top, bottom, left, right;
};

struct cd_node {
    enum cd_node_type type;
    char *name;       /* the graph owns it; it never moves */
    size_t inputs[2]; /* indices of earlier nodes */
    size_t n_inputs;
    struct cd_shape shape;       /* shape of the output */
    struct cd_window window;     /* window of a convolution or pooling */
    cnn_activation_t activation; /* convolution, dense, activation; others: NONE */
    float alpha;                 /* slope of leaky ReLU; others: 0 */
    int bias;                    /* 1: a convolution or dense layer has a bias */
    cnn_initializer_t initializer;
    float rate;              /* rate of a dropout */
    float momentum, epsilon; /* settings of batch normalisation */
    size_t first_param;      /* its parameters: params[first_param .. first_param + n_params - 1] */
    size_t n_params;
};

/* The roles of parameters, in their order within a node. Convolution and dense: kernel, then bias
 * if the node has one. Batch normalisation: gamma and beta, which are trained, then moving_mean and
 * moving_variance, which are statistics. */
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
    size_t node;                 /* index of its node */
    size_t rank;
    size_t dims[4];         /* convolution: kh kw ci co; dense: inputs units; others: channels */
    size_t count;           /* number of values */
    size_t fan_in, fan_out; /* set for kernels only */
    int trainable;
    /* Place of the parameter in its block, in floats: a multiple of CD_PARAM_ALIGN. The block of
     * weights holds trainable parameters, the block of statistics the others. */
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
    size_t trainable_size;  /* floats of the block of weights, with the gaps between them */
    size_t statistics_size; /* floats of the block of statistics, with the gaps between them */
};

/* Makes an empty graph; makes a copy. Both belong to the caller. Errors: MEMORY. */
cnn_status_t cd_graph_create(cnn_context_t *context, cnn_graph_t **graph);
cnn_status_t cd_graph_copy(const cnn_graph_t *graph, cnn_graph_t **copy);

/* Frees a graph. graph may be NULL. */
void cd_graph_free(cnn_graph_t *graph);

/* Find a parameter or a node by its name. NULL if there is none. */
const struct cd_param *cd_graph_param(const cnn_graph_t *graph, const char *name);
const struct cd_node *cd_graph_node(const cnn_graph_t *graph, const char *name);

/* The number of the layer with a name. where: the function or option, for the message. Errors:
 * ARGUMENT. */
cnn_status_t cd_graph_find_layer(const cnn_graph_t *graph, const char *where, const char *name,
                                 size_t *layer);

/* The last node. The graph must not be empty. */
const struct cd_node *cd_graph_output(const cnn_graph_t *graph);

/* Sets needed[i] to 1 for every node that the output depends on, the output included. */
void cd_graph_mark_needed(const cnn_graph_t *graph, unsigned char *needed);

/* Number of values of a feature map. */
static inline size_t cd_shape_size(struct cd_shape shape)
{
    return shape.h * shape.w * shape.c;
}

/* Shape of a node's first input. */
static inline struct cd_shape cd_input_shape(const cnn_graph_t *graph, const struct cd_node *node)
{
    return graph->nodes[node->inputs[0]].shape;
}

/* Floats of the first nodes in the block of weights (trainable) or of statistics. nodes: their
 * number. */
size_t cd_graph_floats_before(const cnn_graph_t *graph, size_t nodes, int trainable);

/* Number of values of all parameters of a node. */
uint64_t cd_node_parameters(const cnn_graph_t *graph, size_t node);

/* Whether a name of a layer or a metadata key is 1 to 63 letters, digits, _ - . */
int cd_name_valid(const char *name);

#endif

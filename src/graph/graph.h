/* SPDX-License-Identifier: MIT
 *
 * The graph of a network: one node for each layer, the shape of its output, and its named
 * parameters. Nodes are in the order in which they were added, so a node comes after its inputs. A
 * graph only describes a network; a plan (plan/plan.h) runs it.
 *
 * Several threads may read a graph at the same time, but not while a layer is added. */
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

/* The sliding window of a convolution or pooling layer. */
struct cd_window {
    size_t kh, kw;                   /* height and width of the window */
    size_t sh, sw;                   /* vertical and horizontal stride */
    size_t top, bottom, left, right; /* rows and columns of padding on each side */
};

struct cd_node {
    enum cd_node_type type;
    char *name;       /* owned by the graph; its address never changes */
    size_t inputs[2]; /* indices of earlier nodes */
    size_t n_inputs;
    struct cd_shape shape;       /* shape of the output */
    struct cd_window window;     /* window of a convolution or pooling layer */
    cnn_activation_t activation; /* activation of a convolution, dense or activation layer */
    float alpha;                 /* slope of leaky ReLU for negative inputs, otherwise 0 */
    int bias;                    /* 1 if a convolution or dense layer has a bias */
    cnn_initializer_t initializer;
    float rate;              /* rate of a dropout layer */
    float momentum, epsilon; /* settings of batch normalisation */
    size_t first_param;      /* index of the node's first parameter in the graph's params */
    size_t n_params;         /* number of the node's parameters, which are consecutive */
};

/* The roles of parameters, in the order in which a node has them. Convolution and dense layers have
 * a kernel and possibly a bias. Batch normalisation has gamma and beta, which are trained, and
 * moving_mean and moving_variance, which are running statistics. */
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
    size_t dims[4];         /* kernel of a convolution: height, width, input channels, filters;
                               kernel of a dense layer: inputs, units; others: channels */
    size_t count;           /* number of elements */
    size_t fan_in, fan_out; /* inputs of a unit and outputs of an input; set for kernels only */
    int trainable;
    /* Position in floats, a multiple of CD_PARAM_ALIGN. A model stores its parameters in two
     * arrays: the block of weights (the trainable parameters) and the block of statistics (the
     * others). The offset counts from the beginning of the parameter's block. */
    size_t offset;
};

enum { CD_PARAM_ALIGN = 16 };

struct cnn_graph {
    cnn_context_t *context;
    char preset[CD_NAME_SIZE]; /* name of the preset that the graph is, or "" if it is none */
    struct cd_node *nodes;
    size_t n_nodes, nodes_capacity;
    struct cd_param *params;
    size_t n_params, params_capacity;
    size_t trainable_size;  /* floats in the block of weights, alignment gaps included */
    size_t statistics_size; /* floats in the block of statistics, alignment gaps included */
};

/* Create an empty graph, or a copy of a graph. The caller frees it with cd_graph_free. Errors:
 * MEMORY. */
cnn_status_t cd_graph_create(cnn_context_t *context, cnn_graph_t **graph);
cnn_status_t cd_graph_copy(const cnn_graph_t *graph, cnn_graph_t **copy);

/* Frees a graph. graph may be NULL. */
void cd_graph_free(cnn_graph_t *graph);

/* Return the parameter or the node with a name, or NULL if there is none. */
const struct cd_param *cd_graph_param(const cnn_graph_t *graph, const char *name);
const struct cd_node *cd_graph_node(const cnn_graph_t *graph, const char *name);

/* Sets *layer to the index of the layer with a name. where: function or option that the error
 * message begins with. Errors: ARGUMENT if there is no such layer. */
cnn_status_t cd_graph_find_layer(const cnn_graph_t *graph, const char *where, const char *name,
                                 size_t *layer);

/* Returns the last node, which is the network's output. The graph must not be empty. */
const struct cd_node *cd_graph_output(const cnn_graph_t *graph);

/* Sets needed[i] to 1 for every node i that the output depends on, the output included. The array
 * has n_nodes entries, all 0 on entry. */
void cd_graph_mark_needed(const cnn_graph_t *graph, unsigned char *needed);

/* Returns the number of elements of a feature map. */
static inline size_t cd_shape_size(struct cd_shape shape)
{
    return shape.h * shape.w * shape.c;
}

/* Returns the shape of a node's first input. */
static inline struct cd_shape cd_input_shape(const cnn_graph_t *graph, const struct cd_node *node)
{
    return graph->nodes[node->inputs[0]].shape;
}

/* Returns how many floats the first `nodes` nodes occupy at the beginning of the block of weights
 * (trainable is 1) or of the block of statistics (trainable is 0). */
size_t cd_graph_floats_before(const cnn_graph_t *graph, size_t nodes, int trainable);

/* Returns the number of elements of all parameters of a node. */
uint64_t cd_node_parameters(const cnn_graph_t *graph, size_t node);

/* Returns 1 if name is valid for a layer or as a metadata key: 1 to 63 characters, each a letter, a
 * digit, '_', '-' or '.'. */
int cd_name_valid(const char *name);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A draft: a layer that is not yet part of a graph. cd_graph_add (graph_build.h) checks the whole
 * draft before it adds the layer, so a failure leaves the graph unchanged. */
#ifndef CD_GRAPH_DRAFT_H
#define CD_GRAPH_DRAFT_H

#include "graph/graph.h"

enum {
    CD_DRAFT_MAX_PARAMS = 4,
    CD_GRAPH_MAX_VALUES = 0x7fffffff /* most elements of a feature map or a parameter */
};

struct cd_draft {
    struct cd_node node;   /* the layer; the caller sets its type, inputs and settings */
    const char *name;      /* the layer's name, set by the caller, or NULL for a default name */
    cnn_padding_t padding; /* kind of padding; EXPLICIT: node.window contains the padding */
    char name_buffer[CD_NAME_SIZE];
    struct cd_param params[CD_DRAFT_MAX_PARAMS];
};

/* Format and arguments that print a shape in a message. */
#define CD_SHAPE_FORMAT "%zu x %zu x %zu"
#define CD_SHAPE_VALUES(shape) (shape).h, (shape).w, (shape).c

/* Appends a parameter of shape dims, an array of length rank. role_name: "kernel", "bias", ...
 * Errors: SHAPE if the parameter has no elements or more than CD_GRAPH_MAX_VALUES. */
cnn_status_t cd_draft_param(struct cd_draft *draft, enum cd_param_role role, const char *role_name,
                            size_t rank, const size_t *dims);

/* Appends a kernel of shape dims and, if node.bias is 1, a bias with one element for each output
 * channel. field: number of kernel elements that connect one input channel with one output channel
 * (height x width of a convolution's window, 1 for a dense layer). Errors: SHAPE. */
cnn_status_t cd_draft_kernel(struct cd_draft *draft, size_t rank, const size_t *dims, size_t field);

/* Check settings that several kinds have. cd_draft_check_activation also sets alpha to 0 if the
 * activation is not leaky ReLU. Errors: ARGUMENT. */
cnn_status_t cd_draft_check_activation(struct cd_draft *draft);
cnn_status_t cd_draft_check_initializer(const struct cd_draft *draft);

/* Checks that a layer's output has 1 to CD_GRAPH_MAX_VALUES elements. Errors: SHAPE. */
cnn_status_t cd_draft_check_shape(const struct cd_node *node);

#endif

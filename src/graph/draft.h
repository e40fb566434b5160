/* SPDX-License-Identifier: MIT
 *
 * A layer being made. It becomes part of its graph when all of it is checked (graph_build.h), so a
 * failure leaves the graph unchanged. */
#ifndef CD_GRAPH_DRAFT_H
#define CD_GRAPH_DRAFT_H

#include "graph/graph.h"

enum {
    CD_DRAFT_MAX_PARAMS = 4,
    CD_GRAPH_MAX_VALUES = 0x7fffffff /* largest feature map or parameter: 32 bits count it */
};

struct cd_draft {
    struct cd_node node;   /* the caller sets type, inputs and settings */
    const char *name;      /* the caller's; NULL: the next default name */
    cnn_padding_t padding; /* padding of a window; EXPLICIT: node.window holds it */
    char name_buffer[CD_NAME_SIZE];
    struct cd_param params[CD_DRAFT_MAX_PARAMS];
};

/* A shape as text, for a message. */
#define CD_SHAPE_FORMAT "%zu x %zu x %zu"
#define CD_SHAPE_VALUES(shape) (shape).h, (shape).w, (shape).c

/* Appends a parameter of that shape. role_name: "kernel", ... Errors: SHAPE. */
cnn_status_t cd_draft_param(struct cd_draft *draft, enum cd_param_role role, const char *role_name,
                            size_t rank, const size_t *dims);

/* Appends a kernel and, if the node has one, a bias of the kernel's last dimension. field: values
 * of the kernel for one input and one output channel. Errors: SHAPE. */
cnn_status_t cd_draft_kernel(struct cd_draft *draft, size_t rank, const size_t *dims, size_t field);

/* Checks the settings that kinds share; a node without leaky ReLU gets alpha 0. Errors:
 * ARGUMENT. */
cnn_status_t cd_draft_check_activation(struct cd_draft *draft);
cnn_status_t cd_draft_check_initializer(const struct cd_draft *draft);

/* Checks that a layer's output has 1 to CD_GRAPH_MAX_VALUES values. Errors: SHAPE. */
cnn_status_t cd_draft_check_shape(const struct cd_node *node);

#endif

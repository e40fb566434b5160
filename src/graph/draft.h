/* SPDX-License-Identifier: MIT
 *
 * A layer being made. It becomes part of its graph only when all of it is right, so that a failure
 * leaves the graph as it was. */
#ifndef CD_GRAPH_DRAFT_H
#define CD_GRAPH_DRAFT_H

#include "graph/graph.h"

enum { CD_DRAFT_MAX_PARAMS = 4 };

struct cd_draft {
    struct cd_node node; /* its name is the draft's until it is committed */
    char name[CD_NAME_SIZE];
    struct cd_param params[CD_DRAFT_MAX_PARAMS];
};

/* For messages. */
#define CD_SHAPE_FORMAT "%zu x %zu x %zu"
#define CD_SHAPE_VALUES(shape) (shape).h, (shape).w, (shape).c

/* Starts a layer: type, name (NULL = the next default one), inputs. n_inputs 0: the input layer.
 * Errors (quiet): ARGUMENT. */
cnn_status_t cd_draft_begin(const cnn_graph_t *graph, enum cd_node_type type, int global,
                            const char *name, const cnn_node_t *inputs, size_t n_inputs,
                            struct cd_draft *draft);

/* role_name: "kernel", ... Errors (quiet): SHAPE. */
cnn_status_t cd_draft_param(struct cd_draft *draft, enum cd_param_role role, const char *role_name,
                            size_t rank, const size_t *dims);

/* Whether a layer's output has 1 to CD_GRAPH_MAX_VALUES values. Errors (quiet): SHAPE. */
cnn_status_t cd_draft_check_shape(const struct cd_node *node);

/* Whether the two inputs of an addition have the same shape. Errors (quiet): SHAPE. */
cnn_status_t cd_draft_check_same(const cnn_graph_t *graph, const struct cd_node *node);

/* The finished layer, its shape set, becomes the last of the graph. Errors: SHAPE (quiet),
 * MEMORY. */
cnn_status_t cd_draft_commit(cnn_graph_t *graph, struct cd_draft *draft, cnn_node_t *node);

#endif

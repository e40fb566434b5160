/* SPDX-License-Identifier: MIT
 *
 * The definitions of the layer kinds: one row of settings, functions and properties for each kind.
 * Another table tells the plan how to run a kind (plan/layers/layers.h). */
#ifndef CD_GRAPH_KINDS_H
#define CD_GRAPH_KINDS_H

#include "graph/draft.h"
#include "graph/graph.h"

/* How a setting is stored in a struct cd_node and written in a model file. */
enum cd_field_type {
    CD_FIELD_SIZE,        /* size_t, 32 bits in files */
    CD_FIELD_FLOAT,       /* float */
    CD_FIELD_FLAG,        /* int, 0 or 1 */
    CD_FIELD_WINDOW,      /* struct cd_window: size, "stride", "padding" */
    CD_FIELD_ACTIVATION,  /* cnn_activation_t, and "alpha" if it is leaky ReLU */
    CD_FIELD_INITIALIZER, /* cnn_initializer_t */
};

/* A setting of a kind. */
struct cd_field {
    const char *key; /* the member's name in model files */
    enum cd_field_type type;
    size_t offset; /* offset of the value in struct cd_node */
};

/* The end of a list of fields. */
#define CD_FIELDS_END                                                                              \
    {                                                                                              \
        NULL, CD_FIELD_SIZE, 0                                                                     \
    }

/* A layer kind. A function may be NULL; its comment says what that means. The errors of functions
 * are ARGUMENT and SHAPE and name the layer. */
struct cd_kind {
    const char *name; /* the public name: "conv2d" */
    size_t n_inputs;  /* 0: the input layer, whose shape is a setting */

    /* Settings in the order of model files. NULL: the kind has none. */
    const struct cd_field *fields;

    /* Checks the settings of a new layer and resolves its padding. NULL: every setting is valid. */
    cnn_status_t (*check)(const cnn_graph_t *graph, struct cd_draft *draft);

    /* Sets the output shape from the shapes of the inputs. NULL: the shape of the first input. */
    cnn_status_t (*shape)(const cnn_graph_t *graph, struct cd_node *node);

    /* Appends the parameters of a new layer. NULL: the kind has none. */
    cnn_status_t (*params)(const cnn_graph_t *graph, struct cd_draft *draft);

    /* Checks that existing parameters fit after the input's height and width have changed. NULL:
     * they fit every size. */
    cnn_status_t (*fits)(const cnn_graph_t *graph, const struct cd_node *node);

    /* Multiply-adds of the forward pass of one image. NULL: 0. */
    uint64_t (*multiply_adds)(const cnn_graph_t *graph, const struct cd_node *node);

    /* 1: in prediction the output has the input's values, perhaps in another shape */
    int identity;
    int activates; /* 1: the layer only applies an activation to its input */
    int head;      /* 1: fine-tuning may replace the layer; its outputs can be class scores */
};

#define CD_KIND_DECLARE(type, name) extern const struct cd_kind cd_kind_##name;
CD_KIND_LIST(CD_KIND_DECLARE)

/* The row of a node's kind, or of a type. */
const struct cd_kind *cd_kind_of(const struct cd_node *node);
const struct cd_kind *cd_kind_at(enum cd_node_type type);

/* The kind of that public name; NULL if there is none. */
const struct cd_kind *cd_kind_find(const char *name, enum cd_node_type *type);

/* Sets a node's output shape from the shapes of its inputs and checks its size. */
cnn_status_t cd_kind_set_shape(const cnn_graph_t *graph, struct cd_node *node);

/* Multiply-adds of the forward pass of a node for one image. */
uint64_t cd_node_multiply_adds(const cnn_graph_t *graph, size_t node);

/* The head: the last layer whose kind can be one; n_nodes if there is none. */
size_t cd_graph_head(const cnn_graph_t *graph);

#endif

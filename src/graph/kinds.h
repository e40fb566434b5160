/* SPDX-License-Identifier: MIT
 *
 * The definitions of the layer kinds: the settings, functions and properties of each kind. How a
 * plan runs a kind is defined separately, by struct cd_layer (plan/layers/layers.h). */
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

/* A setting of a layer kind. */
struct cd_field {
    const char *key; /* the setting's key in model files */
    enum cd_field_type type;
    size_t offset; /* offset of the setting in struct cd_node */
};

/* Terminates an array of struct cd_field. */
#define CD_FIELDS_END                                                                              \
    {                                                                                              \
        NULL, CD_FIELD_SIZE, 0                                                                     \
    }

/* A layer kind. Functions may be NULL; the comment of each function says what that means. Functions
 * fail with ARGUMENT or SHAPE, and their messages name the layer. */
struct cd_kind {
    const char *name; /* the public name, such as "conv2d" */
    size_t n_inputs;  /* number of inputs; 0 for the input layer only */

    /* Settings in the order in which model files list them, or NULL if the kind has none. */
    const struct cd_field *fields;

    /* Checks the settings of a new layer and computes its padding. NULL: every setting is valid. */
    cnn_status_t (*check)(const cnn_graph_t *graph, struct cd_draft *draft);

    /* Computes the output shape from the shapes of the inputs. NULL: the output has the shape of
     * the first input. */
    cnn_status_t (*shape)(const cnn_graph_t *graph, struct cd_node *node);

    /* Appends the parameters of a new layer to its draft. NULL: the kind has no parameters. */
    cnn_status_t (*params)(const cnn_graph_t *graph, struct cd_draft *draft);

    /* Checks that a layer's parameters still fit after the height and width of the network's input
     * have changed. NULL: they fit every input size. */
    cnn_status_t (*fits)(const cnn_graph_t *graph, const struct cd_node *node);

    /* Returns the number of multiply-adds of the forward pass for one image. NULL: 0. */
    uint64_t (*multiply_adds)(const cnn_graph_t *graph, const struct cd_node *node);

    /* 1: in prediction the layer passes its input on unchanged, possibly in another shape */
    int identity;
    int activates; /* 1: the layer only applies an activation to its input */
    int head;      /* 1: the layer can output class scores, and fine-tuning may replace it */
};

#define CD_KIND_DECLARE(type, name) extern const struct cd_kind cd_kind_##name;
CD_KIND_LIST(CD_KIND_DECLARE)

/* Return the kind of a node, or the kind with a number. */
const struct cd_kind *cd_kind_of(const struct cd_node *node);
const struct cd_kind *cd_kind_at(enum cd_node_type type);

/* Returns the kind with a public name and sets *type to its number; NULL if there is none. */
const struct cd_kind *cd_kind_find(const char *name, enum cd_node_type *type);

/* Computes a node's output shape from the shapes of its inputs and checks its size. Errors:
 * SHAPE. */
cnn_status_t cd_kind_set_shape(const cnn_graph_t *graph, struct cd_node *node);

/* Returns the number of multiply-adds of a node's forward pass for one image. */
uint64_t cd_node_multiply_adds(const cnn_graph_t *graph, size_t node);

/* Returns the index of the head, the last layer whose kind can be a head; n_nodes if there is
 * none. */
size_t cd_graph_head(const cnn_graph_t *graph);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Adds layers to a graph for the public functions, the presets and the reader of model files.
 *
 * Every function checks settings and shapes, appends one node and sets *node to its index. On
 * failure the graph is unchanged. No option has a default, so 0 means 0; only a name of NULL means
 * the default name. Errors: ARGUMENT, SHAPE and MEMORY. Messages name the layer and the shapes. */
#ifndef CD_GRAPH_GRAPH_BUILD_H
#define CD_GRAPH_GRAPH_BUILD_H

#include "graph/draft.h"

enum { CD_GRAPH_MAX_NODES = 4096 };

/* Adds the layer that a draft describes. The caller has set the draft's node, name and padding. */
cnn_status_t cd_graph_add(cnn_graph_t *graph, struct cd_draft *draft, cnn_node_t *node);

/* Adds a layer of a kind that has no settings, such as flatten or add. inputs: one node for each
 * input of the kind. */
cnn_status_t cd_graph_add_plain(cnn_graph_t *graph, enum cd_node_type type,
                                const cnn_node_t *inputs, const char *name, cnn_node_t *node);

cnn_status_t cd_graph_add_input(cnn_graph_t *graph, const char *name, struct cd_shape shape,
                                cnn_node_t *node);
cnn_status_t cd_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                 const cnn_conv2d_options_t *options, cnn_node_t *node);

/* type: CD_NODE_MAX_POOL2D or CD_NODE_AVERAGE_POOL2D. */
cnn_status_t cd_graph_add_pool2d(cnn_graph_t *graph, enum cd_node_type type, cnn_node_t input,
                                 const cnn_pool2d_options_t *options, cnn_node_t *node);
cnn_status_t cd_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                const cnn_dense_options_t *options, cnn_node_t *node);
cnn_status_t cd_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                     cnn_activation_t activation, float alpha, const char *name,
                                     cnn_node_t *node);
cnn_status_t cd_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                  const char *name, cnn_node_t *node);
cnn_status_t cd_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_batch_norm_options_t *options, cnn_node_t *node);

#endif

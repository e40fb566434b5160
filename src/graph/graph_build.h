/* SPDX-License-Identifier: MIT
 *
 * Building a graph, layer by layer: for the public functions, the presets and model files alike.
 *
 * Options are complete: no field is 0 where that means a default, except name. Every function
 * checks ranges and shapes, appends one node and hands it out; on failure the graph is as before.
 * Errors: ARGUMENT and SHAPE (quiet, naming the layer and the shapes), MEMORY. */
#ifndef CD_GRAPH_GRAPH_BUILD_H
#define CD_GRAPH_GRAPH_BUILD_H

#include "graph/graph.h"

enum {
    CD_GRAPH_MAX_NODES = 4096,
    CD_GRAPH_MAX_VALUES = 0x7fffffff /* of a map or a parameter: counts fit in 32 bits everywhere */
};

cnn_status_t cd_graph_add_input(cnn_graph_t *graph, const char *name, struct cd_shape shape,
                                cnn_node_t *node);
cnn_status_t cd_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                 const cnn_conv2d_options_t *options, cnn_node_t *node);

/* type: CD_NODE_MAX_POOL2D or CD_NODE_AVERAGE_POOL2D. */
cnn_status_t cd_graph_add_pool2d(cnn_graph_t *graph, enum cd_node_type type, cnn_node_t input,
                                 const cnn_pool2d_options_t *options, cnn_node_t *node);
cnn_status_t cd_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                const char *name, cnn_node_t *node);
cnn_status_t cd_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                  cnn_node_t *node);
cnn_status_t cd_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                const cnn_dense_options_t *options, cnn_node_t *node);
cnn_status_t cd_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                     cnn_activation_t activation, float alpha, const char *name,
                                     cnn_node_t *node);
cnn_status_t cd_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                  const char *name, cnn_node_t *node);
cnn_status_t cd_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_batch_norm_options_t *options, cnn_node_t *node);
cnn_status_t cd_graph_add_add(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b, const char *name,
                              cnn_node_t *node);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The list of layer kinds, one row for each kind. The row X(TYPE, name) stands for
 *   CD_NODE_TYPE      the kind's number (graph.h),
 *   cd_kind_name      its definition: name, settings, shape, parameters (graph/kinds/),
 *   cd_layer_name     how a plan runs it: forward pass, backward pass, memory (plan/layers/).
 * docs/internals/how-to-add-a-layer.md lists the files to write for a new kind. */
#ifndef CD_GRAPH_KIND_LIST_H
#define CD_GRAPH_KIND_LIST_H

#define CD_KIND_LIST(X)                                                                            \
    X(INPUT, input)                                                                                \
    X(CONV2D, conv2d)                                                                              \
    X(MAX_POOL2D, max_pool2d)                                                                      \
    X(AVERAGE_POOL2D, average_pool2d)                                                              \
    X(GLOBAL_AVERAGE_POOL2D, global_average_pool2d)                                                \
    X(DENSE, dense)                                                                                \
    X(ACTIVATION, activation)                                                                      \
    X(FLATTEN, flatten)                                                                            \
    X(DROPOUT, dropout)                                                                            \
    X(BATCH_NORM, batch_norm)                                                                      \
    X(ADD, add)

#endif

/* SPDX-License-Identifier: MIT
 *
 * The list of layer kinds. A kind is one row here: X(TYPE, name) makes
 *   CD_NODE_TYPE      its number (graph.h),
 *   cd_kind_name      what it is: name, settings, shape, parameters (graph/kinds/),
 *   cd_layer_name     how it is run: forward, backward, memory (plan/layers/).
 * docs/internals/how-to-add-a-layer.md lists the files of a new kind. */
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

/* SPDX-License-Identifier: MIT
 *
 * Which part of a network a training leaves as it is. */
#ifndef CD_TRAIN_FREEZE_H
#define CD_TRAIN_FREEZE_H

#include "graph/graph.h"

/* How many nodes, from the first on, freeze (as in cnn_train_options_t, or NULL) names. Errors:
 * ARGUMENT. */
cnn_status_t cd_freeze_nodes(const cnn_graph_t *graph, const char *freeze, size_t *nodes);

#endif

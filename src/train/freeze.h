/* SPDX-License-Identifier: MIT
 *
 * Frozen layers: the first layers of a network, whose weights a training leaves unchanged. */
#ifndef CD_TRAIN_FREEZE_H
#define CD_TRAIN_FREEZE_H

#include "graph/graph.h"

/* Counts the nodes that are frozen, from the first node on. freeze: as in cnn_train_options_t; NULL
 * freezes none. Errors: ARGUMENT. */
cnn_status_t cd_freeze_nodes(const cnn_graph_t *graph, const char *freeze, size_t *nodes);

#endif

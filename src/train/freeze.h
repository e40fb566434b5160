/* SPDX-License-Identifier: MIT
 *
 * Frozen layers: the first layers of a network, whose weights stay unchanged in training. */
#ifndef CD_TRAIN_FREEZE_H
#define CD_TRAIN_FREEZE_H

#include "graph/graph.h"

/* Sets *nodes to the number of frozen nodes, which are the first of the graph. freeze: as in
 * cnn_train_options_t; NULL freezes none. Errors: ARGUMENT. */
cnn_status_t cd_freeze_nodes(const cnn_graph_t *graph, const char *freeze, size_t *nodes);

#endif

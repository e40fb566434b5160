/* SPDX-License-Identifier: MIT */
#include "train/freeze.h"

#include <string.h>

#include "graph/kinds.h"

static cnn_status_t find(const cnn_graph_t *graph, const char *freeze, size_t *nodes)
{
    if (strcmp(freeze, CNN_FREEZE_ALL_BUT_HEAD) == 0) {
        *nodes = cd_graph_head(graph);
        return *nodes < graph->n_nodes
                   ? CNN_OK
                   : cd_error(CNN_ERROR_ARGUMENT,
                              "freeze: the network has no dense layer, so no head");
    }
    CD_TRY(cd_graph_find_layer(graph, "freeze", freeze, nodes));
    ++*nodes;
    return CNN_OK;
}

cnn_status_t cd_freeze_nodes(const cnn_graph_t *graph, const char *freeze, size_t *nodes)
{
    *nodes = 0;
    if (!freeze)
        return CNN_OK;
    CD_TRY(find(graph, freeze, nodes));
    if (cd_graph_floats_before(graph, *nodes, 1) == graph->trainable_size)
        return cd_error(CNN_ERROR_ARGUMENT, "freeze: with \"%.80s\" nothing is left to be trained",
                        freeze);
    return CNN_OK;
}

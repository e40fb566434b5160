/* SPDX-License-Identifier: MIT */
#include "graph/kinds.h"

#include <string.h>

#define ROW(type, name) [CD_NODE_##type] = &cd_kind_##name,
static const struct cd_kind *const kinds[] = {CD_KIND_LIST(ROW)};

const struct cd_kind *cd_kind_at(enum cd_node_type type)
{
    return kinds[type];
}

const struct cd_kind *cd_kind_of(const struct cd_node *node)
{
    return kinds[node->type];
}

const struct cd_kind *cd_kind_find(const char *name, enum cd_node_type *type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i]->name, name) == 0) {
            *type = (enum cd_node_type)i;
            return kinds[i];
        }
    return NULL;
}

cnn_status_t cd_kind_set_shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_kind *kind = cd_kind_of(node);

    if (kind->shape)
        CD_TRY(kind->shape(graph, node));
    else if (kind->n_inputs > 0)
        node->shape = cd_input_shape(graph, node);
    return cd_draft_check_shape(node);
}

uint64_t cd_node_multiply_adds(const cnn_graph_t *graph, size_t index)
{
    const struct cd_node *node = &graph->nodes[index];
    const struct cd_kind *kind = cd_kind_of(node);

    return kind->multiply_adds ? kind->multiply_adds(graph, node) : 0;
}

size_t cd_graph_head(const cnn_graph_t *graph)
{
    for (size_t i = graph->n_nodes; i-- > 0;)
        if (cd_kind_of(&graph->nodes[i])->head)
            return i;
    return graph->n_nodes;
}

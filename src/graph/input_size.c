/* SPDX-License-Identifier: MIT */
#include "graph/input_size.h"

#include "graph/kinds.h"

static cnn_status_t set_shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_kind *kind = cd_kind_of(node);

    if (kind->fits)
        CD_TRY(kind->fits(graph, node));
    return cd_kind_set_shape(graph, node);
}

static cnn_status_t set_shapes(cnn_graph_t *graph, uint32_t height, uint32_t width)
{
    graph->nodes[0].shape.h = height;
    graph->nodes[0].shape.w = width;
    for (size_t i = 0; i < graph->n_nodes; i++)
        CD_TRY(set_shape(graph, &graph->nodes[i]));
    return CNN_OK;
}

cnn_status_t cd_graph_with_input(const cnn_graph_t *graph, uint32_t height, uint32_t width,
                                 cnn_graph_t **out)
{
    CD_TRY(cd_graph_copy(graph, out));
    (*out)->preset[0] = '\0';
    const cnn_status_t rc = set_shapes(*out, height, width);
    if (rc == CNN_OK)
        return CNN_OK;
    cd_graph_free(*out);
    *out = NULL;
    return cd_error(rc, "the network does not fit an input of %lu x %lu: %s", (unsigned long)height,
                    (unsigned long)width, cd_error_message());
}

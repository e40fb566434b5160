/* SPDX-License-Identifier: MIT
 *
 * The sum of two feature maps of the same shape. */
#include "graph/kinds.h"

static cnn_status_t shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_node *first = &graph->nodes[node->inputs[0]];
    const struct cd_node *second = &graph->nodes[node->inputs[1]];

    node->shape = first->shape;
    if (first->shape.h == second->shape.h && first->shape.w == second->shape.w &&
        first->shape.c == second->shape.c)
        return CNN_OK;
    return cd_error(CNN_ERROR_SHAPE,
                    "layer \"%s\": its inputs \"%s\" " CD_SHAPE_FORMAT
                    " and \"%s\" " CD_SHAPE_FORMAT " differ",
                    node->name, first->name, CD_SHAPE_VALUES(first->shape), second->name,
                    CD_SHAPE_VALUES(second->shape));
}

const struct cd_kind cd_kind_add = {.name = "add", .n_inputs = 2, .shape = shape};

/* SPDX-License-Identifier: MIT
 *
 * Flatten: reshapes a feature map to a vector, 1 x 1 x (h w c). */
#include "graph/kinds.h"

static cnn_status_t shape(const cnn_graph_t *graph, struct cd_node *node)
{
    node->shape = (struct cd_shape){1, 1, cd_shape_size(cd_input_shape(graph, node))};
    return CNN_OK;
}

const struct cd_kind cd_kind_flatten = {
    .name = "flatten", .n_inputs = 1, .shape = shape, .identity = 1};

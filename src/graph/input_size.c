/* SPDX-License-Identifier: MIT */
#include "graph/input_size.h"

#include "graph/draft.h"
#include "graph/window.h"

static cnn_status_t set_window(struct cd_node *node, struct cd_shape in)
{
    const struct cd_window *w = &node->window;
    const uint32_t pads[4] = {(uint32_t)w->top, (uint32_t)w->bottom, (uint32_t)w->left,
                              (uint32_t)w->right};

    if (!node->global)
        return cd_window_resolve(node->name, in, CNN_PADDING_EXPLICIT, pads,
                                 node->type != CD_NODE_CONV2D, &node->window, &node->shape);
    node->window.kh = in.h;
    node->window.kw = in.w;
    return CNN_OK;
}

static cnn_status_t check_dense(const cnn_graph_t *graph, const struct cd_node *node,
                                struct cd_shape in)
{
    const struct cd_param *kernel = &graph->params[node->first_param];

    if (in.h == 1 && in.w == 1 && in.c == kernel->dims[0])
        return CNN_OK;
    return cd_error_quiet(CNN_ERROR_SHAPE,
                          "layer \"%s\" would get " CD_SHAPE_FORMAT
                          " values, and its kernel is for 1 x 1 x %zu",
                          node->name, CD_SHAPE_VALUES(in), kernel->dims[0]);
}

/* The shape of any layer but the input, from those of the layers before. */
static cnn_status_t set_shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_shape in = graph->nodes[node->inputs[0]].shape;

    switch (node->type) {
    case CD_NODE_CONV2D:
    case CD_NODE_MAX_POOL2D:
    case CD_NODE_AVERAGE_POOL2D:
        return set_window(node, in);
    case CD_NODE_DENSE:
        return check_dense(graph, node, in);
    case CD_NODE_FLATTEN:
        node->shape = (struct cd_shape){1, 1, cd_shape_size(in)};
        return CNN_OK;
    case CD_NODE_ADD:
        CD_TRY(cd_draft_check_same(graph, node));
        break;
    case CD_NODE_INPUT:
    case CD_NODE_ACTIVATION:
    case CD_NODE_DROPOUT:
    case CD_NODE_BATCH_NORM:
        break;
    }
    node->shape = in;
    return CNN_OK;
}

static cnn_status_t set_shapes(cnn_graph_t *graph, uint32_t height, uint32_t width)
{
    graph->nodes[0].shape.h = height;
    graph->nodes[0].shape.w = width;
    for (size_t i = 0; i < graph->n_nodes; i++) {
        if (i > 0)
            CD_TRY(set_shape(graph, &graph->nodes[i]));
        CD_TRY(cd_draft_check_shape(&graph->nodes[i]));
    }
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
    return cd_error(graph->context, rc, "the network cannot see %lu x %lu: %s",
                    (unsigned long)height, (unsigned long)width, cd_error_message());
}

/* SPDX-License-Identifier: MIT
 *
 * Dense layers: every output is a weighted sum of all inputs. */
#include "graph/kinds.h"

static const struct cd_field fields[] = {
    {"units", CD_FIELD_SIZE, offsetof(struct cd_node, shape.c)},
    {"activation", CD_FIELD_ACTIVATION, offsetof(struct cd_node, activation)},
    {"bias", CD_FIELD_FLAG, offsetof(struct cd_node, bias)},
    {"initializer", CD_FIELD_INITIALIZER, offsetof(struct cd_node, initializer)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const struct cd_node *node = &draft->node;
    const struct cd_shape in = cd_input_shape(graph, node);

    if (in.h != 1 || in.w != 1)
        return cd_error(CNN_ERROR_SHAPE,
                        "layer \"%s\": its input " CD_SHAPE_FORMAT
                        " is not flat; add a flatten layer before it",
                        node->name, CD_SHAPE_VALUES(in));
    if (node->shape.c == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": it has no units", node->name);
    CD_TRY(cd_draft_check_activation(draft));
    return cd_draft_check_initializer(draft);
}

static cnn_status_t shape(const cnn_graph_t *graph, struct cd_node *node)
{
    (void)graph;
    node->shape.h = node->shape.w = 1;
    return CNN_OK;
}

static cnn_status_t params(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const size_t dims[2] = {cd_input_shape(graph, &draft->node).c, draft->node.shape.c};

    return cd_draft_kernel(draft, 2, dims, 1);
}

static cnn_status_t fits(const cnn_graph_t *graph, const struct cd_node *node)
{
    const struct cd_shape in = cd_input_shape(graph, node);
    const struct cd_param *kernel = &graph->params[node->first_param];

    if (in.h == 1 && in.w == 1 && in.c == kernel->dims[0])
        return CNN_OK;
    return cd_error(CNN_ERROR_SHAPE,
                    "layer \"%s\" would get " CD_SHAPE_FORMAT
                    " values, and its kernel is for 1 x 1 x %zu",
                    node->name, CD_SHAPE_VALUES(in), kernel->dims[0]);
}

static uint64_t multiply_adds(const cnn_graph_t *graph, const struct cd_node *node)
{
    return graph->params[node->first_param].count;
}

const struct cd_kind cd_kind_dense = {
    .name = "dense",
    .n_inputs = 1,
    .fields = fields,
    .check = check,
    .shape = shape,
    .params = params,
    .fits = fits,
    .multiply_adds = multiply_adds,
    .head = 1,
};

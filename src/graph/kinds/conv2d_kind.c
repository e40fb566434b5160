/* SPDX-License-Identifier: MIT
 *
 * Convolution, with an optional bias and activation. */
#include "graph/kinds.h"
#include "graph/window.h"

static const struct cd_field fields[] = {
    {"filters", CD_FIELD_SIZE, offsetof(struct cd_node, shape.c)},
    {"kernel", CD_FIELD_WINDOW, offsetof(struct cd_node, window)},
    {"activation", CD_FIELD_ACTIVATION, offsetof(struct cd_node, activation)},
    {"bias", CD_FIELD_FLAG, offsetof(struct cd_node, bias)},
    {"initializer", CD_FIELD_INITIALIZER, offsetof(struct cd_node, initializer)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    struct cd_node *node = &draft->node;

    if (node->shape.c == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": it has no filters", node->name);
    CD_TRY(cd_window_resolve(node->name, cd_input_shape(graph, node), draft->padding, CD_PADS_ANY,
                             &node->window));
    CD_TRY(cd_draft_check_activation(draft));
    return cd_draft_check_initializer(draft);
}

static cnn_status_t shape(const cnn_graph_t *graph, struct cd_node *node)
{
    return cd_window_output(node->name, cd_input_shape(graph, node), &node->window, &node->shape);
}

static cnn_status_t params(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const struct cd_node *node = &draft->node;
    const size_t field = node->window.kh * node->window.kw;
    const size_t dims[4] = {node->window.kh, node->window.kw, cd_input_shape(graph, node).c,
                            node->shape.c};

    return cd_draft_kernel(draft, 4, dims, field);
}

/* Each position of the output multiplies every element of the kernel once. */
static uint64_t multiply_adds(const cnn_graph_t *graph, const struct cd_node *node)
{
    return (uint64_t)node->shape.h * node->shape.w * graph->params[node->first_param].count;
}

const struct cd_kind cd_kind_conv2d = {
    .name = "conv2d",
    .n_inputs = 1,
    .fields = fields,
    .check = check,
    .shape = shape,
    .params = params,
    .multiply_adds = multiply_adds,
};

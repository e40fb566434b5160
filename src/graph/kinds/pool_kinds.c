/* SPDX-License-Identifier: MIT
 *
 * Max pooling, average pooling and global average pooling. */
#include "graph/kinds.h"
#include "graph/window.h"

static const struct cd_field fields[] = {
    {"pool", CD_FIELD_WINDOW, offsetof(struct cd_node, window)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    struct cd_node *node = &draft->node;

    return cd_window_resolve(node->name, cd_input_shape(graph, node), draft->padding,
                             CD_PADS_BELOW_SIZE, &node->window);
}

static cnn_status_t shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_shape in = cd_input_shape(graph, node);

    node->shape.c = in.c;
    return cd_window_output(node->name, in, &node->window, &node->shape);
}

/* The window of global average pooling covers the whole feature map. */
static cnn_status_t global_shape(const cnn_graph_t *graph, struct cd_node *node)
{
    const struct cd_shape in = cd_input_shape(graph, node);

    node->window = (struct cd_window){.kh = in.h, .kw = in.w, .sh = 1, .sw = 1};
    node->shape = (struct cd_shape){1, 1, in.c};
    return CNN_OK;
}

const struct cd_kind cd_kind_max_pool2d = {
    .name = "max_pool2d", .n_inputs = 1, .fields = fields, .check = check, .shape = shape};

const struct cd_kind cd_kind_average_pool2d = {
    .name = "average_pool2d", .n_inputs = 1, .fields = fields, .check = check, .shape = shape};

const struct cd_kind cd_kind_global_average_pool2d = {
    .name = "global_average_pool2d", .n_inputs = 1, .shape = global_shape};

/* SPDX-License-Identifier: MIT */
#include "graph/graph_build.h"

#include <math.h>

#include "graph/draft.h"
#include "graph/window.h"

static struct cd_shape input_shape(const cnn_graph_t *graph, const struct cd_node *node)
{
    return graph->nodes[node->inputs[0]].shape;
}

/* A kernel whose fans have field values for each input and output, and a bias unless no_bias. */
static cnn_status_t add_kernel(struct cd_draft *draft, size_t rank, const size_t *dims,
                               size_t field, int no_bias)
{
    CD_TRY(cd_draft_param(draft, CD_PARAM_KERNEL, "kernel", rank, dims));
    draft->params[0].fan_in = field * dims[rank - 2];
    draft->params[0].fan_out = field * dims[rank - 1];
    draft->node.bias = !no_bias;
    if (!no_bias)
        CD_TRY(cd_draft_param(draft, CD_PARAM_BIAS, "bias", 1, &dims[rank - 1]));
    return CNN_OK;
}

static cnn_status_t set_activation(struct cd_node *node, cnn_activation_t activation, float alpha)
{
    if ((int)activation < CNN_ACTIVATION_NONE || activation > CNN_ACTIVATION_SOFTMAX)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": there is no activation %d",
                              node->name, (int)activation);
    node->activation = activation;
    if (activation != CNN_ACTIVATION_LEAKY_RELU)
        return CNN_OK;
    if (!isfinite(alpha) || alpha <= 0)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": alpha %g is not a positive number",
                              node->name, (double)alpha);
    node->alpha = alpha;
    return CNN_OK;
}

static cnn_status_t set_initializer(struct cd_node *node, cnn_initializer_t initializer)
{
    if ((int)initializer < CNN_INITIALIZER_DEFAULT || initializer > CNN_INITIALIZER_HE_NORMAL)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": there is no initializer %d",
                              node->name, (int)initializer);
    node->initializer = initializer;
    return CNN_OK;
}

cnn_status_t cd_graph_add_input(cnn_graph_t *graph, const char *name, struct cd_shape shape,
                                cnn_node_t *node)
{
    struct cd_draft draft;

    if (graph->n_nodes > 0)
        return cd_error_quiet(CNN_ERROR_ARGUMENT,
                              "a second input: the graph already has \"%s\" of " CD_SHAPE_FORMAT,
                              graph->nodes[0].name, CD_SHAPE_VALUES(graph->nodes[0].shape));
    CD_TRY(cd_draft_begin(graph, CD_NODE_INPUT, 0, name, NULL, 0, &draft));
    draft.node.shape = shape;
    return cd_draft_commit(graph, &draft, node);
}

cnn_status_t cd_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                 const cnn_conv2d_options_t *options, cnn_node_t *out)
{
    const uint32_t pads[4] = {options->pad_top, options->pad_bottom, options->pad_left,
                              options->pad_right};
    struct cd_draft draft;
    struct cd_node *node = &draft.node;

    CD_TRY(cd_draft_begin(graph, CD_NODE_CONV2D, 0, options->name, &input, 1, &draft));
    const struct cd_shape in = input_shape(graph, node);
    if (options->filters == 0)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": it has no filters", node->name);
    node->window = (struct cd_window){.kh = options->kernel_height,
                                      .kw = options->kernel_width,
                                      .sh = options->stride_height,
                                      .sw = options->stride_width};
    CD_TRY(
        cd_window_resolve(node->name, in, options->padding, pads, 0, &node->window, &node->shape));
    node->shape.c = options->filters;
    CD_TRY(set_activation(node, options->activation, options->alpha));
    CD_TRY(set_initializer(node, options->initializer));
    const size_t dims[4] = {node->window.kh, node->window.kw, in.c, options->filters};
    CD_TRY(add_kernel(&draft, 4, dims, dims[0] * dims[1], options->no_bias));
    return cd_draft_commit(graph, &draft, out);
}

cnn_status_t cd_graph_add_pool2d(cnn_graph_t *graph, enum cd_node_type type, cnn_node_t input,
                                 const cnn_pool2d_options_t *options, cnn_node_t *out)
{
    const uint32_t pads[4] = {options->pad_top, options->pad_bottom, options->pad_left,
                              options->pad_right};
    struct cd_draft draft;
    struct cd_node *node = &draft.node;

    CD_TRY(cd_draft_begin(graph, type, 0, options->name, &input, 1, &draft));
    const struct cd_shape in = input_shape(graph, node);
    node->window = (struct cd_window){.kh = options->pool_height,
                                      .kw = options->pool_width,
                                      .sh = options->stride_height,
                                      .sw = options->stride_width};
    CD_TRY(
        cd_window_resolve(node->name, in, options->padding, pads, 1, &node->window, &node->shape));
    node->shape.c = in.c;
    return cd_draft_commit(graph, &draft, out);
}

cnn_status_t cd_graph_add_global_average_pool2d(cnn_graph_t *graph, cnn_node_t input,
                                                const char *name, cnn_node_t *node)
{
    struct cd_draft draft;

    CD_TRY(cd_draft_begin(graph, CD_NODE_AVERAGE_POOL2D, 1, name, &input, 1, &draft));
    const struct cd_shape in = input_shape(graph, &draft.node);
    draft.node.window = (struct cd_window){.kh = in.h, .kw = in.w, .sh = 1, .sw = 1};
    draft.node.shape = (struct cd_shape){1, 1, in.c};
    return cd_draft_commit(graph, &draft, node);
}

cnn_status_t cd_graph_add_flatten(cnn_graph_t *graph, cnn_node_t input, const char *name,
                                  cnn_node_t *node)
{
    struct cd_draft draft;

    CD_TRY(cd_draft_begin(graph, CD_NODE_FLATTEN, 0, name, &input, 1, &draft));
    draft.node.shape = (struct cd_shape){1, 1, cd_shape_size(input_shape(graph, &draft.node))};
    return cd_draft_commit(graph, &draft, node);
}

cnn_status_t cd_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                const cnn_dense_options_t *options, cnn_node_t *out)
{
    struct cd_draft draft;
    struct cd_node *node = &draft.node;

    CD_TRY(cd_draft_begin(graph, CD_NODE_DENSE, 0, options->name, &input, 1, &draft));
    const struct cd_shape in = input_shape(graph, node);
    if (in.h != 1 || in.w != 1)
        return cd_error_quiet(CNN_ERROR_SHAPE,
                              "layer \"%s\": its input " CD_SHAPE_FORMAT
                              " is not flat; add a flatten "
                              "layer before it",
                              node->name, CD_SHAPE_VALUES(in));
    if (options->units == 0)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": it has no units", node->name);
    node->shape = (struct cd_shape){1, 1, options->units};
    CD_TRY(set_activation(node, options->activation, options->alpha));
    CD_TRY(set_initializer(node, options->initializer));
    const size_t dims[2] = {in.c, options->units};
    CD_TRY(add_kernel(&draft, 2, dims, 1, options->no_bias));
    return cd_draft_commit(graph, &draft, out);
}

cnn_status_t cd_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                     cnn_activation_t activation, float alpha, const char *name,
                                     cnn_node_t *node)
{
    struct cd_draft draft;

    CD_TRY(cd_draft_begin(graph, CD_NODE_ACTIVATION, 0, name, &input, 1, &draft));
    CD_TRY(set_activation(&draft.node, activation, alpha));
    draft.node.shape = input_shape(graph, &draft.node);
    return cd_draft_commit(graph, &draft, node);
}

cnn_status_t cd_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                  const char *name, cnn_node_t *node)
{
    struct cd_draft draft;

    CD_TRY(cd_draft_begin(graph, CD_NODE_DROPOUT, 0, name, &input, 1, &draft));
    if (!(rate >= 0 && rate < 1))
        return cd_error_quiet(CNN_ERROR_ARGUMENT,
                              "layer \"%s\": rate %g is not at least 0 and below 1",
                              draft.node.name, (double)rate);
    draft.node.rate = rate;
    draft.node.shape = input_shape(graph, &draft.node);
    return cd_draft_commit(graph, &draft, node);
}

cnn_status_t cd_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_batch_norm_options_t *options, cnn_node_t *out)
{
    struct cd_draft draft;
    struct cd_node *node = &draft.node;

    CD_TRY(cd_draft_begin(graph, CD_NODE_BATCH_NORM, 0, options->name, &input, 1, &draft));
    if (!(options->momentum > 0 && options->momentum < 1))
        return cd_error_quiet(CNN_ERROR_ARGUMENT,
                              "layer \"%s\": momentum %g is not between 0 and 1", node->name,
                              (double)options->momentum);
    if (!(options->epsilon > 0) || !isfinite(options->epsilon))
        return cd_error_quiet(CNN_ERROR_ARGUMENT,
                              "layer \"%s\": epsilon %g is not a positive number", node->name,
                              (double)options->epsilon);
    node->momentum = options->momentum;
    node->epsilon = options->epsilon;
    node->shape = input_shape(graph, node);
    CD_TRY(cd_draft_param(&draft, CD_PARAM_GAMMA, "gamma", 1, &node->shape.c));
    CD_TRY(cd_draft_param(&draft, CD_PARAM_BETA, "beta", 1, &node->shape.c));
    CD_TRY(cd_draft_param(&draft, CD_PARAM_MOVING_MEAN, "moving_mean", 1, &node->shape.c));
    CD_TRY(cd_draft_param(&draft, CD_PARAM_MOVING_VARIANCE, "moving_variance", 1, &node->shape.c));
    return cd_draft_commit(graph, &draft, out);
}

cnn_status_t cd_graph_add_add(cnn_graph_t *graph, cnn_node_t a, cnn_node_t b, const char *name,
                              cnn_node_t *node)
{
    const cnn_node_t inputs[2] = {a, b};
    struct cd_draft draft;

    CD_TRY(cd_draft_begin(graph, CD_NODE_ADD, 0, name, inputs, 2, &draft));
    CD_TRY(cd_draft_check_same(graph, &draft.node));
    draft.node.shape = input_shape(graph, &draft.node);
    return cd_draft_commit(graph, &draft, node);
}

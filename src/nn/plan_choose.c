/* SPDX-License-Identifier: MIT
 *
 * How each convolution of a plan is run: by which algorithm, and whether the max pooling behind it is
 * taken along. */
#include "nn/plan_steps.h"

struct cd_conv cd_plan_conv(const cnn_graph_t *graph, const struct cd_node *node)
{
    const struct cd_shape in = graph->nodes[node->inputs[0]].shape, out = node->shape;
    return (struct cd_conv){.h = in.h,
                            .w = in.w,
                            .ci = in.c,
                            .oh = out.h,
                            .ow = out.w,
                            .co = out.c,
                            .window = node->window};
}

/* The node that alone reads the values of node index; n_nodes if there are none or several, or if
 * they are the output. */
static size_t only_reader(const struct cd_plan *plan, const unsigned char *needed, size_t index)
{
    const cnn_graph_t *graph = plan->graph;
    size_t reader = graph->n_nodes;

    if (plan->owner[graph->n_nodes - 1] == index)
        return graph->n_nodes;
    for (size_t i = index + 1; i < graph->n_nodes; i++)
        for (size_t k = 0; needed[i] && plan->owner[i] == i && k < graph->nodes[i].n_inputs; k++)
            if (plan->owner[graph->nodes[i].inputs[k]] == index) {
                if (reader != graph->n_nodes)
                    return graph->n_nodes;
                reader = i;
            }
    return reader;
}

/* The max pooling that a convolution can take along; n_nodes if there is none. Backward, max
 * pooling hands a gradient to winners only, and what a winner was is the pooling's output: the
 * derivative of an activation that works element by element can be told from there. */
static size_t pooling_behind(const struct cd_plan *plan, const unsigned char *needed, size_t index)
{
    const cnn_graph_t *graph = plan->graph;
    const struct cd_node *node = &graph->nodes[index];

    if (node->type != CD_NODE_CONV2D || node->activation == CNN_ACTIVATION_SOFTMAX)
        return graph->n_nodes;
    const size_t reader = only_reader(plan, needed, index);
    if (reader == graph->n_nodes || graph->nodes[reader].type != CD_NODE_MAX_POOL2D)
        return graph->n_nodes;
    /* Behind a flatten the same values have another shape. */
    return graph->nodes[reader].inputs[0] == index ? reader : graph->n_nodes;
}

/* Which passes of a convolution will be run. */
static unsigned conv_passes(const struct cd_plan *plan, const unsigned char *trains, size_t input)
{
    if (!plan->training)
        return CD_CONV_FORWARD;
    return CD_CONV_FORWARD | CD_CONV_BACKWARD_KERNEL | (trains[input] ? CD_CONV_BACKWARD_DATA : 0);
}

struct cd_conv_layer cd_plan_layer(const struct cd_plan *plan, const struct cd_step *step, int pools)
{
    struct cd_conv_layer layer = {
        .kernels = plan->kernels,
        .conv = step->conv,
        .activation = {.kind = step->node->activation, .alpha = step->node->alpha},
    };

    if (pools)
        layer.pool = cd_plan_conv(plan->graph, &plan->graph->nodes[step->pooling]);
    return layer;
}

/* By the cost model. The pooling is not taken along if only the general algorithm could do that, and
 * there is a better one without. */
static struct cd_conv_way cheapest_way(const struct cd_plan *plan, const struct cd_step *step)
{
    const struct cd_conv_layer bare = cd_plan_layer(plan, step, 0);
    const struct cd_conv_algorithm *without = cd_conv_choose(&bare, step->passes);

    if (step->pooling == plan->graph->n_nodes)
        return (struct cd_conv_way){.algorithm = without};
    const struct cd_conv_layer pooled = cd_plan_layer(plan, step, 1);
    const struct cd_conv_algorithm *with = cd_conv_choose(&pooled, step->passes);
    if (with == &cd_conv_general && without != &cd_conv_general)
        return (struct cd_conv_way){.algorithm = without};
    return (struct cd_conv_way){.algorithm = with, .pools = 1};
}

cnn_status_t cd_plan_choose_conv(const struct cd_plan *plan, const unsigned char *needed,
                                 const unsigned char *trains, struct cd_step *step)
{
    struct cd_conv_way way;

    step->pooling = pooling_behind(plan, needed, step->index);
    step->passes = conv_passes(plan, trains, step->node->inputs[0]);
    if (plan->forced)
        way = *plan->forced;
    else if (plan->tune)
        CD_TRY(cd_plan_fastest_way(plan, step, &way));
    else
        way = cheapest_way(plan, step);
    step->layer = cd_plan_layer(plan, step, way.pools);
    step->algorithm = way.algorithm;
    if (way.pools)
        step->out = step->pooling;
    return CNN_OK;
}

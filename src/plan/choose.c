/* SPDX-License-Identifier: MIT
 *
 * How each convolution of a plan is run: by which algorithm, and whether the max pooling behind it
 * is taken along. */
#include "plan/step.h"

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

/* The max pooling that a convolution can take along; n_nodes if there is none. Backward, max
 * pooling hands a gradient to winners only, and what a winner was is the pooling's output: the
 * derivative of an activation that works element by element can be told from there. */
static size_t pooling_behind(const struct cd_plan *plan, const unsigned char *needed,
                             const struct cd_step *step)
{
    const cnn_graph_t *graph = plan->graph;
    const size_t reader = cd_plan_only_reader(plan, needed, step->out);

    if (step->activation.kind == CNN_ACTIVATION_SOFTMAX || reader == graph->n_nodes ||
        graph->nodes[reader].type != CD_NODE_MAX_POOL2D)
        return graph->n_nodes;
    /* Behind a flatten the same values have another shape. */
    return graph->nodes[reader].inputs[0] == step->out ? reader : graph->n_nodes;
}

/* Which passes of a convolution will be run. */
static unsigned conv_passes(const struct cd_plan *plan, const struct cd_step *step)
{
    return CD_CONV_FORWARD | (plan->training && !step->frozen ? CD_CONV_BACKWARD_KERNEL : 0) |
           (step->wants_dx[0] ? CD_CONV_BACKWARD_DATA : 0);
}

struct cd_conv_layer cd_plan_layer(const struct cd_plan *plan, const struct cd_step *step,
                                   int pools)
{
    struct cd_conv_layer layer = {
        .kernels = plan->kernels,
        .conv = step->conv,
        .activation = step->activation,
    };

    if (pools)
        layer.pool = cd_plan_conv(plan->graph, &plan->graph->nodes[step->pooling]);
    return layer;
}

/* By the cost model. The pooling is not taken along if only the general algorithm could do that,
 * and there is a better one without. */
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

cnn_status_t cd_plan_choose_conv(const struct cd_plan *plan, unsigned char *needed,
                                 struct cd_step *step)
{
    struct cd_conv_way way;

    step->pooling = pooling_behind(plan, needed, step);
    step->passes = conv_passes(plan, step);
    if (plan->forced)
        way = *plan->forced;
    else if (plan->tune)
        CD_TRY(cd_plan_fastest_way(plan, step, &way));
    else
        way = cheapest_way(plan, step);
    step->layer = cd_plan_layer(plan, step, way.pools);
    step->algorithm = way.algorithm;
    if (way.pools) {
        step->out = step->pooling;
        needed[step->out] = 0;
    }
    return CNN_OK;
}

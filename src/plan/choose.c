/* SPDX-License-Identifier: MIT */
#include "plan/choose.h"

#include "plan/fuse.h"

/* Returns the max pooling that a convolution can fuse, or n_nodes if there is none. The activation
 * between the two must not be softmax. An elementwise activation can be fused, because its
 * derivative is needed only at the maximum of each window, and that value is the pooling's
 * output. */
static size_t find_pooling(const struct cd_plan *plan, const unsigned char *needed,
                           const struct cd_step *step)
{
    const struct cd_node *node = cd_fuse_candidate(plan, needed, step, CD_NODE_MAX_POOL2D);

    if (!node || step->activation.kind == CNN_ACTIVATION_SOFTMAX)
        return plan->graph->n_nodes;
    return (size_t)(node - plan->graph->nodes);
}

static unsigned find_passes(const struct cd_plan *plan, const struct cd_step *step)
{
    return CD_CONV_FORWARD | (plan->training && !step->frozen ? CD_CONV_BACKWARD_KERNEL : 0) |
           (step->wants_dx[0] ? CD_CONV_BACKWARD_DATA : 0);
}

struct cd_conv_layer cd_choose_layer(const struct cd_plan *plan, const struct cd_step *step,
                                     int fuses_pooling)
{
    struct cd_conv_layer layer = {
        .kernels = plan->kernels,
        .conv = step->conv,
        .activation = step->activation,
    };

    if (fuses_pooling)
        layer.pool = cd_node_conv(plan->graph, &plan->graph->nodes[step->pooling]);
    return layer;
}

/* Returns the cost model's choice. If only the general algorithm can fuse the pooling, another
 * algorithm that leaves the pooling to its own step is preferred. */
static struct cd_conv_choice cheapest(const struct cd_plan *plan, const struct cd_step *step)
{
    const struct cd_conv_layer bare = cd_choose_layer(plan, step, 0);
    const struct cd_conv_algorithm *without = cd_conv_choose(&bare, step->passes);

    if (step->pooling == plan->graph->n_nodes)
        return (struct cd_conv_choice){.algorithm = without};
    const struct cd_conv_layer pooled = cd_choose_layer(plan, step, 1);
    const struct cd_conv_algorithm *with = cd_conv_choose(&pooled, step->passes);
    if (with == &cd_conv_general && without != &cd_conv_general)
        return (struct cd_conv_choice){.algorithm = without};
    return (struct cd_conv_choice){.algorithm = with, .fuses_pooling = 1};
}

void cd_choose_conv(const struct cd_plan *plan, unsigned char *needed,
                    const struct cd_conv_choice *choice, struct cd_step *step)
{
    step->pooling = find_pooling(plan, needed, step);
    step->passes = find_passes(plan, step);
    const struct cd_conv_choice made = choice && choice->algorithm ? *choice : cheapest(plan, step);
    step->conv_layer = cd_choose_layer(plan, step, made.fuses_pooling);
    step->algorithm = made.algorithm;
    if (made.fuses_pooling)
        cd_fuse_node(plan, needed, &plan->graph->nodes[step->pooling], step);
}

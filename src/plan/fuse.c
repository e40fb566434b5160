/* SPDX-License-Identifier: MIT
 *
 * What a step takes along of the nodes behind it, so that a map in between is never made: nobody
 * else may read that map. */
#include "plan/step.h"

size_t cd_plan_only_reader(const struct cd_plan *plan, const unsigned char *needed, size_t index)
{
    const cnn_graph_t *graph = plan->graph;
    size_t reader = graph->n_nodes;

    if (plan->owner[graph->n_nodes - 1] == index || plan->watched == index)
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

/* The node of that type that alone reads what the step makes, as it makes it (behind a flatten the
 * same values have another shape); NULL if there is none. */
static const struct cd_node *node_behind(const struct cd_plan *plan, const unsigned char *needed,
                                         const struct cd_step *step, enum cd_node_type type)
{
    const cnn_graph_t *graph = plan->graph;
    const size_t reader = cd_plan_only_reader(plan, needed, step->out);

    if (reader == graph->n_nodes)
        return NULL;
    const struct cd_node *node = &graph->nodes[reader];
    for (size_t k = 0; k < node->n_inputs; k++)
        if (node->type == type && node->inputs[k] == step->out)
            return node;
    return NULL;
}

static void take(const struct cd_plan *plan, unsigned char *needed, const struct cd_node *node,
                 struct cd_step *step)
{
    step->out = (size_t)(node - plan->graph->nodes);
    needed[step->out] = 0;
}

static void take_activation(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    const struct cd_node *node = node_behind(plan, needed, step, CD_NODE_ACTIVATION);

    if (!node || node->activation == CNN_ACTIVATION_SOFTMAX)
        return;
    /* Of a convolution the fast algorithms know no other. */
    if (step->node->type == CD_NODE_CONV2D && node->activation != CNN_ACTIVATION_RELU)
        return;
    step->activation = cd_plan_activation(node);
    take(plan, needed, node, step);
}

/* The other operand must be there when the step is run. */
static void take_addition(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    const struct cd_node *node = node_behind(plan, needed, step, CD_NODE_ADD);

    if (!node)
        return;
    const size_t other = plan->owner[node->inputs[node->inputs[0] == step->out]];
    if (other >= step->index)
        return;
    step->in[1] = other;
    step->n_in = 2;
    take(plan, needed, node, step);
}

/* Predicting, batch normalisation is a factor and a summand for each channel. */
static void take_batch_norm(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    const struct cd_node *node = node_behind(plan, needed, step, CD_NODE_BATCH_NORM);

    if (!node || plan->training)
        return;
    step->folded = node;
    take(plan, needed, node, step);
}

void cd_plan_take_along(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    switch (step->node->type) {
    case CD_NODE_CONV2D:
        if (step->activation.kind != CNN_ACTIVATION_NONE)
            break;
        take_batch_norm(plan, needed, step);
        take_activation(plan, needed, step);
        break;
    case CD_NODE_BATCH_NORM:
        take_addition(plan, needed, step);
        take_activation(plan, needed, step);
        break;
    case CD_NODE_ADD:
        take_activation(plan, needed, step);
        break;
    default:
        break;
    }
}

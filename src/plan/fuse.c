/* SPDX-License-Identifier: MIT */
#include "plan/fuse.h"

/* Returns the only node that reads the activations of node `index`. Returns n_nodes if no node or
 * several nodes read them, or if node `index` is the graph's output or the watched node. */
static size_t only_reader(const struct cd_plan *plan, const unsigned char *needed, size_t index)
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

const struct cd_node *cd_fuse_candidate(const struct cd_plan *plan, const unsigned char *needed,
                                        const struct cd_step *step, enum cd_node_type type)
{
    const cnn_graph_t *graph = plan->graph;
    const size_t reader = only_reader(plan, needed, step->out);

    if (reader == graph->n_nodes)
        return NULL;
    const struct cd_node *node = &graph->nodes[reader];
    for (size_t k = 0; k < node->n_inputs; k++)
        if (node->type == type && node->inputs[k] == step->out)
            return node;
    return NULL;
}

void cd_fuse_node(const struct cd_plan *plan, unsigned char *needed, const struct cd_node *node,
                  struct cd_step *step)
{
    step->out = (size_t)(node - plan->graph->nodes);
    needed[step->out] = 0;
}

void cd_fuse_activation(const struct cd_plan *plan, unsigned char *needed, cnn_activation_t only,
                        struct cd_step *step)
{
    const struct cd_node *node = cd_fuse_candidate(plan, needed, step, CD_NODE_ACTIVATION);

    if (!node || node->activation == CNN_ACTIVATION_SOFTMAX)
        return;
    if (only != CNN_ACTIVATION_NONE && node->activation != only)
        return;
    step->activation = (struct cd_activation){.kind = node->activation, .alpha = node->alpha};
    cd_fuse_node(plan, needed, node, step);
}

void cd_fuse_addition(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    const struct cd_node *node = cd_fuse_candidate(plan, needed, step, CD_NODE_ADD);

    if (!node)
        return;
    const size_t other = plan->owner[node->inputs[node->inputs[0] == step->out]];
    if (other >= step->index)
        return;
    step->in[1] = other;
    step->n_in = 2;
    cd_fuse_node(plan, needed, node, step);
}

/* SPDX-License-Identifier: MIT */
#include "plan/step.h"

#include "plan/layers/layers.h"

struct cd_conv cd_node_conv(const cnn_graph_t *graph, const struct cd_node *node)
{
    const struct cd_shape in = cd_input_shape(graph, node), out = node->shape;

    return (struct cd_conv){.h = in.h,
                            .w = in.w,
                            .ci = in.c,
                            .oh = out.h,
                            .ow = out.w,
                            .co = out.c,
                            .window = node->window};
}

float *cd_plan_memory(const struct cd_plan *plan, int number)
{
    if (number == CD_NO_BUFFER)
        return NULL;
    const struct cd_buffer *buffer = &plan->buffers[number];
    return (buffer->is_prepared ? plan->prepared->values : plan->arena) + buffer->offset;
}

float *cd_run_activations(const struct cd_run *run, size_t node)
{
    const struct cd_plan *plan = run->plan;

    node = plan->owner[node];
    if (plan->graph->nodes[node].n_inputs == 0)
        return (float *)(uintptr_t)run->x; /* every step only reads it */
    return cd_plan_memory(plan, plan->activations[node]);
}

float *cd_run_gradient(const struct cd_run *run, size_t node)
{
    const struct cd_plan *plan = run->plan;

    node = plan->owner[node];
    if (node == plan->owner[plan->graph->n_nodes - 1])
        return run->dy;
    return cd_plan_memory(plan, plan->gradients[node]);
}

const struct cd_param *cd_step_param(const struct cd_plan *plan, const struct cd_step *step,
                                     size_t which)
{
    return &plan->graph->params[step->node->first_param + which];
}

int cd_step_reads_input(const struct cd_step *step, size_t k)
{
    return step->backward && k == 0 && step->layer->reads_input && step->layer->reads_input(step);
}

int cd_step_reads_output(const struct cd_step *step)
{
    return step->backward && step->layer->reads_output && step->layer->reads_output(step);
}

/* SPDX-License-Identifier: MIT */
#include "plan/needs.h"

#include "plan/step.h"

static size_t bytes_of(const struct cd_plan *plan, int buffer)
{
    return buffer == CD_NO_BUFFER ? 0 : plan->buffers[buffer].floats * sizeof(float);
}

static void add_step(const struct cd_plan *plan, const struct cd_step *step,
                     struct cd_plan_needs *needs)
{
    const size_t forward = bytes_of(plan, step->scratch);
    const size_t backward =
        bytes_of(plan, step->scratch_backward) + bytes_of(plan, step->temporary);

    needs->scratch = forward > backward ? forward : backward;
    needs->kept = bytes_of(plan, step->kept);
    if (step->algorithm) {
        needs->algorithm = step->algorithm->name;
        needs->prepared = bytes_of(plan, step->prepared) + bytes_of(plan, step->folded_kernel);
    }
}

/* Returns 1 if a node's gradient uses the memory of a later node's gradient. */
static int shares_gradient(const struct cd_plan *plan, size_t node)
{
    for (size_t i = node + 1; i < plan->graph->n_nodes; i++)
        if (plan->gradients[i] == plan->gradients[node])
            return 1;
    return 0;
}

struct cd_plan_needs cd_plan_needs(const struct cd_plan *plan, size_t node)
{
    struct cd_plan_needs needs = {
        .algorithm = "",
        .output = bytes_of(plan, plan->activations[node]),
        .gradient = shares_gradient(plan, node) ? 0 : bytes_of(plan, plan->gradients[node]),
    };

    for (size_t s = 0; s < plan->n_steps; s++)
        if (plan->steps[s].index == node)
            add_step(plan, &plan->steps[s], &needs);
    return needs;
}

size_t cd_plan_unshared_bytes(const struct cd_plan *plan)
{
    size_t sum = 0;

    for (size_t i = 0; i < plan->n_buffers; i++)
        sum += plan->buffers[i].floats * sizeof(float);
    return sum;
}

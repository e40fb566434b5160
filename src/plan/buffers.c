/* SPDX-License-Identifier: MIT
 *
 * Which memory each step of a plan needs, and from when to when. Moments are counted in steps: step
 * s runs forward at moment s. */
#include "core/memory.h"
#include "core/size.h"
#include "plan/step.h"

/* The last step runs backward first, at moment N; step 0 last, at 2N-1. */
static size_t moment_backward(const struct cd_plan *plan, size_t step)
{
    return 2 * plan->n_steps - 1 - step;
}

int cd_plan_backward_reads_input(const struct cd_step *step, size_t k)
{
    const enum cd_node_type type = step->node->type;
    return step->backward && !step->frozen && k == 0 &&
           (type == CD_NODE_CONV2D || type == CD_NODE_DENSE || type == CD_NODE_BATCH_NORM);
}

int cd_plan_backward_reads_output(const struct cd_step *step)
{
    if (!step->backward || (step->algorithm && step->algorithm->keeps_activation(&step->layer)))
        return 0;
    if (step->node->type == CD_NODE_BATCH_NORM && cd_batch_norm_relu_from_input(step))
        return 0;
    return step->activation.kind != CNN_ACTIVATION_NONE;
}

/* Values live from their step to the last step that reads them, watched ones to the end. */
static int make_value_buffers(struct cd_plan *plan)
{
    const size_t output = plan->owner[plan->graph->n_nodes - 1];

    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct cd_step *step = &plan->steps[s];
        size_t last = s;
        if (step->out == output)
            last = plan->n_steps;
        if (cd_plan_backward_reads_output(step))
            last = moment_backward(plan, s);
        if (step->out == plan->watched)
            last = moment_backward(plan, 0);
        for (size_t t = s + 1; t < plan->n_steps; t++)
            for (size_t k = 0; k < plan->steps[t].n_in; k++) {
                if (plan->steps[t].in[k] != step->out)
                    continue;
                size_t use = cd_plan_backward_reads_input(&plan->steps[t], k)
                                 ? moment_backward(plan, t)
                                 : t;
                last = use > last ? use : last;
            }
        const struct cd_shape shape = plan->graph->nodes[step->out].shape;
        int buffer = cd_plan_buffer(plan, cd_product(plan->batch, cd_shape_size(shape)), s, last);
        if (buffer == CD_NO_BUFFER)
            return -1;
        plan->values[step->out] = buffer;
    }
    return 0;
}

/* Whether the gradient by input k can be left where that by the output is. */
static int passes_gradient_on(const struct cd_step *step, size_t k)
{
    switch (step->node->type) {
    case CD_NODE_ADD:
    case CD_NODE_ACTIVATION:
    case CD_NODE_DROPOUT:
        return 1;
    case CD_NODE_BATCH_NORM: /* with an addition: to its other operand */
        return k == step->n_in - 1;
    default:
        return 0;
    }
}

/* Space for a gradient that is then added to what others have written. */
static int make_temporary(struct cd_plan *plan, struct cd_step *step, size_t floats, size_t now)
{
    if (step->node->type == CD_NODE_CONV2D)
        floats = cd_conv_step_temporary(plan, step);
    step->temporary = cd_plan_buffer(plan, floats, now, now);
    return step->temporary == CD_NO_BUFFER ? -1 : 0;
}

/* The gradient by input k of a step, of which nobody has written a part yet. */
static int make_gradient(struct cd_plan *plan, struct cd_step *step, size_t k, size_t now)
{
    const size_t node = step->in[k];
    const int by_output = plan->gradients[step->out];

    if (by_output != CD_NO_BUFFER && passes_gradient_on(step, k) &&
        (k == 0 || plan->gradients[step->in[0]] != by_output)) {
        plan->gradients[node] = by_output;
        return 0;
    }
    plan->gradients[node] = cd_plan_buffer(
        plan, cd_product(plan->batch, cd_shape_size(plan->graph->nodes[node].shape)), now, now);
    return plan->gradients[node] == CD_NO_BUFFER ? -1 : 0;
}

static int make_step_gradients(struct cd_plan *plan, struct cd_step *step, size_t now)
{
    for (size_t k = 0; k < step->n_in; k++) {
        const size_t node = step->in[k];
        if (!step->wants_dx[k])
            continue;
        step->adds_dx[k] = plan->gradients[node] != CD_NO_BUFFER;
        if (!step->adds_dx[k] && make_gradient(plan, step, k, now) != 0)
            return -1;
        if (step->adds_dx[k] && !passes_gradient_on(step, k) &&
            make_temporary(plan, step, plan->buffers[plan->gradients[node]].floats, now) != 0)
            return -1;
    }
    return 0;
}

/* Gradients live from the first backward step that writes them to the step of their node, a watched
 * one to the end. */
static int make_gradient_buffers(struct cd_plan *plan)
{
    for (size_t s = plan->n_steps; s-- > 0;) {
        struct cd_step *step = &plan->steps[s];
        const size_t now = moment_backward(plan, s);
        if (make_step_gradients(plan, step, now) != 0)
            return -1;
        if (plan->gradients[step->out] != CD_NO_BUFFER)
            plan->buffers[plan->gradients[step->out]].last = now;
    }
    if (plan->watched < plan->graph->n_nodes && plan->gradients[plan->watched] != CD_NO_BUFFER)
        plan->buffers[plan->gradients[plan->watched]].last = moment_backward(plan, 0);
    return 0;
}

static int make_scratch(struct cd_plan *plan, size_t floats, size_t first, size_t last, int *buffer)
{
    if (floats == 0)
        return 0;
    *buffer = cd_plan_buffer(plan, floats, first, last);
    return *buffer == CD_NO_BUFFER ? -1 : 0;
}

/* Weights change between the runs of a plan made for training; otherwise the prepared kernel
 * stays. */
static int make_kernel(struct cd_plan *plan, size_t floats, size_t now, int *buffer)
{
    if (floats == 0 || plan->training)
        return make_scratch(plan, floats, now, now, buffer);
    *buffer = cd_plan_prepared_buffer(plan, floats);
    return *buffer == CD_NO_BUFFER ? -1 : 0;
}

static int make_prepared(struct cd_plan *plan, struct cd_step *step, size_t now)
{
    if (!step->algorithm)
        return 0;
    if (make_kernel(plan, cd_conv_step_folded(step), now, &step->folded_kernel) != 0)
        return -1;
    return make_kernel(plan, cd_conv_step_prepared(step), now, &step->prepared);
}

static int make_scratch_buffers(struct cd_plan *plan)
{
    for (size_t s = 0; s < plan->n_steps; s++) {
        struct cd_step *step = &plan->steps[s];
        const size_t back = moment_backward(plan, s);
        if (make_scratch(plan, cd_step_scratch(plan, step), s, s, &step->scratch) != 0 ||
            make_prepared(plan, step, s) != 0)
            return -1;
        if (!step->backward)
            continue;
        if (make_scratch(plan, cd_step_kept(plan, step), s, back, &step->kept) != 0 ||
            make_scratch(plan, cd_step_scratch_backward(plan, step), back, back,
                         &step->scratch_backward) != 0)
            return -1;
    }
    return 0;
}

int cd_plan_make_buffers(struct cd_plan *plan)
{
    if (make_value_buffers(plan) != 0 || make_scratch_buffers(plan) != 0)
        return -1;
    return plan->training ? make_gradient_buffers(plan) : 0;
}

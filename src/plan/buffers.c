/* SPDX-License-Identifier: MIT
 *
 * Every buffer gets the moments of its first and its last use (step.h defines moments). */
#include "plan/buffers.h"

#include "core/size.h"
#include "plan/arena.h"
#include "plan/layers/layers.h"

/* Returns the moment of a step's backward pass. */
static size_t moment_backward(const struct cd_plan *plan, size_t step)
{
    return 2 * plan->n_steps - 1 - step;
}

/* Returns the number of floats of a node's activations for a batch. */
static size_t batch_floats(const struct cd_plan *plan, size_t node)
{
    return cd_product(plan->batch, cd_shape_size(plan->graph->nodes[node].shape));
}

/* ---- activations ---- */

/* Returns the last moment at which step t reads the activations of a node; 0 if it does not. */
static size_t last_reading(const struct cd_plan *plan, size_t t, size_t node)
{
    const struct cd_step *step = &plan->steps[t];
    size_t last = 0;

    for (size_t k = 0; k < step->n_in; k++)
        if (step->in[k] == node) {
            const size_t use = cd_step_reads_input(step, k) ? moment_backward(plan, t) : t;
            last = use > last ? use : last;
        }
    return last;
}

/* Returns the last moment at which the output of step s is needed. The caller reads the plan's
 * output after the forward pass, and the activations of a watched node after the backward pass. */
static size_t last_use(const struct cd_plan *plan, size_t s)
{
    const struct cd_step *step = &plan->steps[s];
    size_t last = s;

    if (step->out == plan->owner[plan->graph->n_nodes - 1])
        last = plan->n_steps;
    if (cd_step_reads_output(step))
        last = moment_backward(plan, s);
    if (step->out == plan->watched)
        last = moment_backward(plan, 0);
    for (size_t t = s + 1; t < plan->n_steps; t++) {
        const size_t use = last_reading(plan, t, step->out);
        last = use > last ? use : last;
    }
    return last;
}

static int make_activations(struct cd_plan *plan)
{
    for (size_t s = 0; s < plan->n_steps; s++) {
        const size_t out = plan->steps[s].out;
        plan->activations[out] =
            cd_arena_buffer(plan, batch_floats(plan, out), s, last_use(plan, s));
        if (plan->activations[out] == CD_NO_BUFFER)
            return -1;
    }
    return 0;
}

/* ---- gradients ---- */

static int passes_gradient(const struct cd_step *step, size_t k)
{
    return step->layer->passes_gradient && step->layer->passes_gradient(step, k);
}

/* Makes the buffer for a gradient that is added to the gradient that other steps have written. */
static int make_temporary(struct cd_plan *plan, struct cd_step *step, size_t floats, size_t now)
{
    if (step->layer->temporary)
        floats = step->layer->temporary(plan, step);
    step->temporary = cd_arena_buffer(plan, floats, now, now);
    return step->temporary == CD_NO_BUFFER ? -1 : 0;
}

/* Makes the buffer for the gradient of input k. The step is the first one that writes this
 * gradient. If the layer kind allows it, the gradient of input k overwrites the gradient of the
 * output and shares its buffer, unless the gradient of input 0 already does. */
static int make_gradient(struct cd_plan *plan, struct cd_step *step, size_t k, size_t now)
{
    const size_t node = step->in[k];
    const int by_output = plan->gradients[step->out];

    if (by_output != CD_NO_BUFFER && passes_gradient(step, k) &&
        (k == 0 || plan->gradients[step->in[0]] != by_output)) {
        plan->gradients[node] = by_output;
        return 0;
    }
    plan->gradients[node] = cd_arena_buffer(plan, batch_floats(plan, node), now, now);
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
        if (step->adds_dx[k] && !passes_gradient(step, k) &&
            make_temporary(plan, step, plan->buffers[plan->gradients[node]].floats, now) != 0)
            return -1;
    }
    return 0;
}

/* Makes the buffers of all gradients. A gradient is in use from the first step that writes it to
 * the backward pass of the step whose output it belongs to. The gradient of a watched node is in
 * use to the end. */
static int make_gradients(struct cd_plan *plan)
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

/* ---- scratch ---- */

static int make_scratch(struct cd_plan *plan, size_t floats, size_t first, size_t last, int *buffer)
{
    if (floats == 0)
        return 0;
    *buffer = cd_arena_buffer(plan, floats, first, last);
    return *buffer == CD_NO_BUFFER ? -1 : 0;
}

/* Makes the buffer of a prepared kernel. In training the weights change between runs, so the buffer
 * is in use during the step's forward pass only. */
static int make_kernel(struct cd_plan *plan, size_t floats, size_t now, int *buffer)
{
    if (floats == 0 || plan->training)
        return make_scratch(plan, floats, now, now, buffer);
    *buffer = cd_arena_prepared_buffer(plan, floats);
    return *buffer == CD_NO_BUFFER ? -1 : 0;
}

static int make_kernels(struct cd_plan *plan, struct cd_step *step, size_t now)
{
    const struct cd_layer *layer = step->layer;

    if (layer->folded && make_kernel(plan, layer->folded(step), now, &step->folded_kernel) != 0)
        return -1;
    return layer->prepared ? make_kernel(plan, layer->prepared(step), now, &step->prepared) : 0;
}

typedef size_t size_verb(const struct cd_plan *plan, const struct cd_step *step);

static size_t size_of(size_verb *verb, const struct cd_plan *plan, const struct cd_step *step)
{
    return verb ? verb(plan, step) : 0;
}

static int make_step_scratch(struct cd_plan *plan, size_t s)
{
    struct cd_step *step = &plan->steps[s];
    const struct cd_layer *layer = step->layer;
    const size_t back = moment_backward(plan, s);

    if (make_scratch(plan, size_of(layer->scratch, plan, step), s, s, &step->scratch) != 0 ||
        make_kernels(plan, step, s) != 0)
        return -1;
    if (!step->backward)
        return 0;
    if (make_scratch(plan, size_of(layer->kept, plan, step), s, back, &step->kept) != 0)
        return -1;
    return make_scratch(plan, size_of(layer->scratch_backward, plan, step), back, back,
                        &step->scratch_backward);
}

int cd_buffers_make(struct cd_plan *plan)
{
    if (make_activations(plan) != 0)
        return -1;
    for (size_t s = 0; s < plan->n_steps; s++)
        if (make_step_scratch(plan, s) != 0)
            return -1;
    return plan->training ? make_gradients(plan) : 0;
}

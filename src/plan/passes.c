/* SPDX-License-Identifier: MIT */
#include "plan/passes.h"

#include "graph/kinds.h"
#include "plan/layers/layers.h"

void cd_plan_take_times(struct cd_plan *plan, struct cd_step_times *times)
{
    plan->times = times;
}

/* ---- bytes ---- */

/* Returns the bytes of a node's activations for a batch. Their gradient has the same size. */
static double activation_bytes(const struct cd_plan *plan, size_t node)
{
    return (double)plan->batch * (double)cd_shape_size(plan->graph->nodes[node].shape) *
           sizeof(float);
}

static double input_bytes(const struct cd_plan *plan, const struct cd_step *step)
{
    double sum = 0.0;

    for (size_t k = 0; k < step->n_in; k++)
        sum += activation_bytes(plan, step->in[k]);
    return sum;
}

static double input_gradient_bytes(const struct cd_plan *plan, const struct cd_step *step)
{
    double sum = 0.0;

    for (size_t k = 0; k < step->n_in; k++)
        if (step->wants_dx[k])
            sum += activation_bytes(plan, step->in[k]);
    return sum;
}

static double parameter_bytes(const struct cd_plan *plan, const struct cd_step *step)
{
    return (double)cd_node_parameters(plan->graph, step->index) * sizeof(float);
}

/* Returns the bytes, besides activations, that the forward pass keeps for the backward pass. */
static double kept_bytes(const struct cd_plan *plan, const struct cd_step *step)
{
    return step->kept == CD_NO_BUFFER ? 0.0
                                      : (double)plan->buffers[step->kept].floats * sizeof(float);
}

/* Returns the bytes of output data that the backward pass reads: the gradient, what the forward
 * pass has kept, and the output activations if the layer needs them. */
static double output_side_bytes(const struct cd_plan *plan, const struct cd_step *step)
{
    return activation_bytes(plan, step->out) * (cd_step_reads_output(step) ? 2 : 1) +
           kept_bytes(plan, step);
}

static double pass_bytes(const struct cd_plan *plan, const struct cd_step *step, cnn_pass_t pass)
{
    const double parameters = parameter_bytes(plan, step);

    switch (pass) {
    case CNN_PASS_BACKWARD_KERNEL:
        return output_side_bytes(plan, step) + input_bytes(plan, step) + parameters;
    case CNN_PASS_BACKWARD_DATA:
        return activation_bytes(plan, step->out) + kept_bytes(plan, step) + parameters +
               input_gradient_bytes(plan, step);
    case CNN_PASS_BACKWARD_UPDATE: /* reads and writes the weights and Adam's two moments */
        return output_side_bytes(plan, step) + input_bytes(plan, step) +
               input_gradient_bytes(plan, step) + 6 * parameters;
    case CNN_PASS_BACKWARD: /* reads the parameters and writes their gradients */
        return output_side_bytes(plan, step) + input_gradient_bytes(plan, step) + 2 * parameters +
               (cd_step_reads_input(step, 0) ? activation_bytes(plan, step->in[0]) : 0.0);
    default:
        return input_bytes(plan, step) + parameters + activation_bytes(plan, step->out) +
               kept_bytes(plan, step);
    }
}

/* ---- passes ---- */

/* Returns the multiply-adds of a pass. Only convolutions and dense layers count, because
 * their products with a kernel take most of the time; the result is 0 for other layers. The
 * backward pass of a dense layer counts twice if it computes two gradients: of the kernel and of
 * the input. */
static double pass_multiply_adds(const struct cd_plan *plan, const struct cd_step *step,
                                 cnn_pass_t pass)
{
    const double once =
        (double)plan->batch * (double)cd_node_multiply_adds(plan->graph, step->index);

    if (!step->algorithm && !step->layer->updates_kernel)
        return 0.0;
    return pass == CNN_PASS_BACKWARD_UPDATE && step->wants_dx[0] ? 2 * once : once;
}

static struct cd_plan_pass make_pass(const struct cd_plan *plan, size_t s, cnn_pass_t pass)
{
    const struct cd_step *step = &plan->steps[s];

    return (struct cd_plan_pass){
        .layer = step->node->name,
        .algorithm = step->algorithm ? step->algorithm->name : "",
        .pass = pass,
        .step = s,
        .multiply_adds = pass_multiply_adds(plan, step, pass),
        .bytes = pass_bytes(plan, step, pass),
    };
}

static cnn_pass_t backward_pass(const struct cd_step *step)
{
    if (step->algorithm)
        return CNN_PASS_BACKWARD_KERNEL;
    return step->layer->updates_kernel ? CNN_PASS_BACKWARD_UPDATE : CNN_PASS_BACKWARD;
}

size_t cd_plan_passes(const struct cd_plan *plan, struct cd_plan_pass *passes)
{
    size_t n = 0;

    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct cd_step *step = &plan->steps[s];
        passes[n++] = make_pass(plan, s, plan->training ? CNN_PASS_FORWARD : CNN_PASS_PREDICT);
        if (!step->backward)
            continue;
        passes[n++] = make_pass(plan, s, backward_pass(step));
        if (step->algorithm && step->wants_dx[0])
            passes[n++] = make_pass(plan, s, CNN_PASS_BACKWARD_DATA);
    }
    return n;
}

double cd_plan_pass_seconds(const struct cd_plan_pass *pass, const struct cd_step_times *times)
{
    const struct cd_step_times *step = &times[pass->step];

    switch (pass->pass) {
    case CNN_PASS_BACKWARD:
    case CNN_PASS_BACKWARD_UPDATE:
        return step->backward;
    case CNN_PASS_BACKWARD_KERNEL:
        return step->backward - step->backward_data;
    case CNN_PASS_BACKWARD_DATA:
        return step->backward_data;
    default:
        return step->forward;
    }
}

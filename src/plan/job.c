/* SPDX-License-Identifier: MIT */
#include "plan/job.h"

#include <string.h>

#include "core/random.h"
#include "plan/layers/layers.h"

struct cd_job cd_job_forward(const struct cd_run *run, const struct cd_step *step)
{
    const struct cd_shape out = run->plan->graph->nodes[step->out].shape;

    return (struct cd_job){
        .run = run,
        .step = step,
        .in = cd_run_activations(run, step->in[0]),
        .in2 = step->n_in > 1 ? cd_run_activations(run, step->in[1]) : NULL,
        .out = cd_run_activations(run, step->out),
        .scratch = cd_plan_memory(run->plan, step->scratch),
        .kept = cd_plan_memory(run->plan, step->kept),
        .in_size = step->conv.h * step->conv.w * step->conv.ci,
        .out_size = cd_shape_size(out),
    };
}

/* Returns where the backward pass writes the gradient of input 0: its buffer, or other memory if
 * the gradient must be added to the buffer afterwards. */
static float *place_of_dx(const struct cd_job *job)
{
    const struct cd_step *step = job->step;

    if (!step->wants_dx[0])
        return NULL;
    if (!step->adds_dx[0] || step->layer->adds_gradient)
        return cd_run_gradient(job->run, step->in[0]);
    return job->temporary ? job->temporary : job->dy;
}

struct cd_job cd_job_backward(const struct cd_run *run, const struct cd_step *step)
{
    struct cd_job job = cd_job_forward(run, step);

    job.dy = cd_run_gradient(run, step->out);
    job.scratch = cd_plan_memory(run->plan, step->scratch_backward);
    job.temporary = cd_plan_memory(run->plan, step->temporary);
    job.dx = place_of_dx(&job);
    return job;
}

const struct cd_kernels *cd_job_kernels(const struct cd_job *job)
{
    return job->run->plan->kernels;
}

const float *cd_job_weights(const struct cd_job *job, size_t which)
{
    return job->run->weights + cd_step_param(job->run->plan, job->step, which)->offset;
}

float *cd_job_gradients(const struct cd_job *job, size_t which)
{
    const struct cd_plan *plan = job->run->plan;
    const struct cd_param *param = cd_step_param(plan, job->step, which);

    return job->run->gradients + (job->run->adam ? plan->gradient_at[param - plan->graph->params]
                                                 : param->offset - plan->frozen_weights);
}

const float *cd_job_bias(const struct cd_job *job)
{
    return job->step->node->bias ? cd_job_weights(job, 1) : NULL;
}

uint64_t cd_job_dropout_key(const struct cd_job *job)
{
    return cd_random_key(job->run->seed, CD_STREAM_DROPOUT, job->step->index, job->run->step);
}

void cd_job_each(struct cd_job *job, size_t items, cd_task_fn item)
{
    cd_parallel_for(job->run->plan->context, items, item, job);
}

/* ---- activation ---- */

struct cd_activation cd_job_pending_activation(const struct cd_job *job)
{
    const struct cd_plan *plan = job->run->plan;
    const size_t output = plan->owner[plan->graph->n_nodes - 1];
    const int is_last =
        job->step->out == output && plan->graph->nodes[output].activation != CNN_ACTIVATION_NONE;

    return job->run->before_activation && is_last ? (struct cd_activation){0}
                                                  : job->step->activation;
}

/* The argument of work items that write to the array `to`. */
struct to {
    const struct cd_job *job;
    float *to;
};

static void undo_item(void *argument, size_t image, size_t worker)
{
    const struct to *to = argument;
    const struct cd_job *job = to->job;
    const size_t c = job->step->node->shape.c, at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->activation_backward(job->step->activation, job->out_size / c, c,
                                             job->out + at, job->dy + at, to->to + at);
}

static void copy_item(void *argument, size_t image, size_t worker)
{
    const struct to *to = argument;
    const size_t size = to->job->out_size, at = image * size;

    (void)worker;
    memcpy(to->to + at, to->job->dy + at, size * sizeof *to->to);
}

void cd_job_undo_activation(struct cd_job *job, float *to)
{
    struct to argument = {job, to};
    const struct cd_plan *plan = job->run->plan;

    if (cd_job_pending_activation(job).kind != CNN_ACTIVATION_NONE)
        cd_parallel_for(plan->context, job->run->n, undo_item, &argument);
    else if (to != job->dy)
        cd_parallel_for(plan->context, job->run->n, copy_item, &argument);
}

/* ---- gradients ---- */

struct addition {
    const struct cd_kernels *kernels;
    size_t size;
    float *sum;
    const float *summand;
};

static void add_item(void *argument, size_t image, size_t worker)
{
    const struct addition *addition = argument;
    float *sum = addition->sum + image * addition->size;

    (void)worker;
    addition->kernels->add(addition->size, sum, addition->summand + image * addition->size, sum);
}

static void add_to_gradient(const struct cd_run *run, size_t node, const float *summand)
{
    struct addition addition = {
        .kernels = run->plan->kernels,
        .size = cd_shape_size(run->plan->graph->nodes[node].shape),
        .sum = cd_run_gradient(run, node),
        .summand = summand,
    };

    cd_parallel_for(run->plan->context, run->n, add_item, &addition);
}

void cd_job_pass_gradient(struct cd_job *job, size_t k)
{
    const struct cd_step *step = job->step;

    if (!step->wants_dx[k])
        return;
    if (step->adds_dx[k]) {
        add_to_gradient(job->run, step->in[k], job->dy);
        return;
    }
    struct to argument = {job, cd_run_gradient(job->run, step->in[k])};
    if (argument.to != job->dy)
        cd_parallel_for(job->run->plan->context, job->run->n, copy_item, &argument);
}

void cd_job_add_gradient(const struct cd_job *job)
{
    add_to_gradient(job->run, job->step->in[0], job->dx);
}

int cd_step_is_trained(const struct cd_step *step)
{
    return !step->frozen;
}

int cd_step_has_activation(const struct cd_step *step)
{
    return step->activation.kind != CNN_ACTIVATION_NONE;
}

/* SPDX-License-Identifier: MIT
 *
 * Backward, step by step, the mirror image of forward.c. Sums over pictures are taken in a
 * fixed number of partial sums that does not depend on the threads, added in a fixed order. */
#include <string.h>

#include "core/memory.h"
#include "plan/job.h"

/* ---- activation ---- */

static void activation_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c, at = task * job->out_size;
    float *to = job->step->node->type == CD_NODE_ACTIVATION ? job->dx : job->dy;

    (void)worker;
    cd_job_kernels(job)->activation_backward(job->step->activation, job->out_size / c, c,
                                             job->out + at, job->dy + at, to + at);
}

struct cd_activation cd_job_activation_behind(const struct cd_job *job)
{
    const struct cd_plan *plan = job->run->plan;
    const size_t output = plan->owner[plan->graph->n_nodes - 1];
    const int of_output =
        job->step->out == output && plan->graph->nodes[output].activation != CNN_ACTIVATION_NONE;

    return job->run->before_activation && of_output ? (struct cd_activation){0}
                                                    : job->step->activation;
}

void cd_job_undo_activation(struct cd_job *job)
{
    if (cd_job_activation_behind(job).kind != CNN_ACTIVATION_NONE)
        cd_job_each(job, job->run->n, activation_task);
}

static void copy_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;

    (void)worker;
    memcpy(job->dx + at, job->dy + at, job->out_size * sizeof *job->dx);
}

static void copy_gradient(struct cd_job *job)
{
    if (job->dx != job->dy)
        cd_job_each(job, job->run->n, copy_task);
}

static void activation_backward(struct cd_job *job)
{
    if (cd_job_activation_behind(job).kind == CNN_ACTIVATION_NONE)
        copy_gradient(job);
    else
        cd_job_each(job, job->run->n, activation_task);
}

/* ---- pooling, dropout ---- */

static void max_pool_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->max_pool_backward(&job->step->conv, job->dy + task * job->out_size,
                                           (const uint32_t *)job->kept + task * job->out_size,
                                           job->dx + task * job->in_size);
}

static void average_pool_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->average_pool_backward(&job->step->conv, job->dy + task * job->out_size,
                                               job->dx + task * job->in_size);
}

static void dropout_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;

    (void)worker;
    cd_job_kernels(job)->dropout(job->out_size, cd_job_dropout_key(job), at, job->step->node->rate,
                                 job->dy + at, job->dx + at);
}

/* ---- sizes ---- */

size_t cd_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    switch (step->node->type) {
    case CD_NODE_CONV2D:
        return cd_conv_step_scratch_backward(plan, step);
    case CD_NODE_DENSE:
        return cd_dense_scratch_backward(plan, step);
    case CD_NODE_BATCH_NORM:
        return cd_batch_norm_scratch_backward(plan, step);
    default:
        return 0;
    }
}

/* ---- gradients that several steps add to ---- */

struct addition {
    const struct cd_kernels *kernels;
    size_t size;
    float *sum;
    const float *more;
};

static void addition_task(void *argument, size_t task, size_t worker)
{
    const struct addition *addition = argument;
    float *sum = addition->sum + task * addition->size;

    (void)worker;
    addition->kernels->add(addition->size, sum, addition->more + task * addition->size, sum);
}

/* Each picture's gradient onto what other steps have left there. */
static void add_gradient(const struct cd_run *run, size_t node, const float *more)
{
    struct addition addition = {
        .kernels = run->plan->kernels,
        .size = cd_shape_size(run->plan->graph->nodes[node].shape),
        .sum = cd_run_gradient(run, node),
        .more = more,
    };

    cd_parallel_for(run->plan->context, run->n, addition_task, &addition);
}

void cd_job_pass_on(struct cd_job *job, size_t k)
{
    const struct cd_step *step = job->step;

    if (!step->wants_dx[k])
        return;
    job->dx = cd_run_gradient(job->run, step->in[k]);
    if (step->adds_dx[k])
        add_gradient(job->run, step->in[k], job->dy);
    else
        copy_gradient(job);
}

static void addition_backward(struct cd_job *job)
{
    cd_job_undo_activation(job);
    for (size_t k = 0; k < 2; k++)
        cd_job_pass_on(job, k);
}

/* ---- all ---- */

static void dispatch(struct cd_job *job)
{
    const size_t n = job->run->n;

    switch (job->step->node->type) {
    case CD_NODE_CONV2D:
        cd_conv_backward(job);
        break;
    case CD_NODE_DENSE:
        cd_dense_backward(job);
        break;
    case CD_NODE_BATCH_NORM:
        cd_batch_norm_backward(job);
        break;
    case CD_NODE_ADD:
        addition_backward(job);
        break;
    case CD_NODE_ACTIVATION:
        if (job->dx)
            activation_backward(job);
        break;
    case CD_NODE_MAX_POOL2D:
        if (job->dx)
            cd_job_each(job, n, max_pool_task);
        break;
    case CD_NODE_AVERAGE_POOL2D:
    case CD_NODE_GLOBAL_AVERAGE_POOL2D:
        if (job->dx)
            cd_job_each(job, n, average_pool_task);
        break;
    case CD_NODE_DROPOUT:
        if (job->dx)
            cd_job_each(job, n, dropout_task);
        break;
    case CD_NODE_INPUT:
    case CD_NODE_FLATTEN:
        break;
    }
}

/* A convolution adds to what is there; others make what is then added, in dy or elsewhere. */
static float *place_of_dx(const struct cd_run *run, const struct cd_step *step, float *dy)
{
    if (!step->adds_dx[0] || step->node->type == CD_NODE_CONV2D)
        return cd_run_gradient(run, step->in[0]);
    return step->temporary == CD_NO_BUFFER ? dy : cd_plan_memory(run->plan, step->temporary);
}

static int adds_itself(const struct cd_step *step)
{
    return step->node->type == CD_NODE_ADD || step->node->type == CD_NODE_CONV2D;
}

void cd_step_backward(const struct cd_run *run, const struct cd_step *step)
{
    const struct cd_plan *plan = run->plan;
    struct cd_job job = cd_job_make(run, step);

    if (!step->backward) /* nothing to train here or behind */
        return;
    job.dy = cd_run_gradient(run, step->out);
    job.scratch = cd_plan_memory(plan, step->scratch_backward);
    job.temporary = cd_plan_memory(plan, step->temporary);
    if (step->wants_dx[0])
        job.dx = place_of_dx(run, step, job.dy);
    dispatch(&job);
    if (step->wants_dx[0] && step->adds_dx[0] && !adds_itself(step))
        add_gradient(run, step->in[0], place_of_dx(run, step, job.dy));
}

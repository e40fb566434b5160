/* SPDX-License-Identifier: MIT
 *
 * Backward, step by step, the mirror image of plan_forward.c. Sums over pictures are taken in a
 * fixed number of partial sums that does not depend on the threads, added in a fixed order. */
#include <string.h>

#include "core/memory.h"
#include "nn/plan_job.h"

/* ---- activation ---- */

static void activation_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_node *node = job->step->node;
    const size_t c = node->shape.c, at = task * job->out_size;
    float *to = node->type == CD_NODE_ACTIVATION ? job->dx : job->dy;

    (void)worker;
    cd_job_kernels(job)->activation_backward(cd_job_activation(node), job->out_size / c, c,
                                             job->out + at, job->dy + at, to + at);
}

int cd_job_gradient_is_before_activation(const struct cd_job *job)
{
    const struct cd_plan *plan = job->run->plan;
    return job->run->before_activation && job->step->index == plan->owner[plan->graph->n_nodes - 1];
}

void cd_job_undo_activation(struct cd_job *job)
{
    if (job->step->node->activation != CNN_ACTIVATION_NONE &&
        !cd_job_gradient_is_before_activation(job))
        cd_job_each(job, job->run->n, activation_task);
}

static void copy_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;

    (void)worker;
    memcpy(job->dx + at, job->dy + at, job->out_size * sizeof *job->dx);
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

/* ---- all ---- */

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

/* Each picture's gradient onto what other steps have left there. */
static void add_gradient(const struct cd_run *run, size_t node, const float *more)
{
    const size_t size = run->n * cd_shape_size(run->plan->graph->nodes[node].shape);
    float *sum = cd_run_gradient(run, node);

    run->plan->kernels->add(size, sum, more, sum);
}

static void addition_backward(struct cd_job *job)
{
    const struct cd_step *step = job->step;

    for (size_t k = 0; k < 2; k++) {
        if (!step->wants_dx[k])
            continue;
        if (step->adds_dx[k]) {
            add_gradient(job->run, step->in[k], job->dy);
        } else {
            job->dx = cd_run_gradient(job->run, step->in[k]);
            cd_job_each(job, job->run->n, copy_task);
        }
    }
}

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
            cd_job_each(job, n,
                        cd_job_gradient_is_before_activation(job) ? copy_task : activation_task);
        break;
    case CD_NODE_MAX_POOL2D:
        if (job->dx)
            cd_job_each(job, n, max_pool_task);
        break;
    case CD_NODE_AVERAGE_POOL2D:
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

void cd_step_backward(const struct cd_run *run, const struct cd_step *step)
{
    const struct cd_plan *plan = run->plan;
    struct cd_job job = cd_job_make(run, step);

    job.dy = cd_run_gradient(run, step->out);
    job.scratch = cd_plan_memory(plan, step->scratch_backward);
    if (!job.dy) /* nothing to train here or behind */
        return;
    if (step->wants_dx[0])
        job.dx = step->adds_dx[0] ? cd_plan_memory(plan, step->temporary[0])
                                  : cd_run_gradient(run, step->in[0]);
    dispatch(&job);
    if (step->wants_dx[0] && step->adds_dx[0] && step->node->type != CD_NODE_ADD)
        add_gradient(run, step->in[0], job.dx);
}

/* SPDX-License-Identifier: MIT
 *
 * Forward, step by step. Each step is cut into tasks by pictures, rows and blocks. */
#include "core/memory.h"
#include "core/size.h"
#include "plan/job.h"

/* ---- pooling, activation, addition, dropout: a task a picture ---- */

static void max_pool_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    uint32_t *winner =
        job->run->training && job->kept ? (uint32_t *)job->kept + task * job->out_size : NULL;

    (void)worker;
    cd_job_kernels(job)->max_pool_forward(&job->step->conv, job->in + task * job->in_size,
                                          job->out + task * job->out_size, winner);
}

static void average_pool_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->average_pool_forward(&job->step->conv, job->in + task * job->in_size,
                                              job->out + task * job->out_size);
}

static void activation_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c;

    (void)worker;
    cd_job_kernels(job)->activation_forward(job->step->activation, job->out_size / c, c, NULL,
                                            job->in + task * job->in_size,
                                            job->out + task * job->out_size);
}

static void add_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;

    (void)worker;
    cd_job_kernels(job)->add_activated(job->step->activation, job->out_size, job->in + at,
                                       job->in2 + at, job->out + at);
}

static void dropout_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;
    const float rate = job->run->training ? job->step->node->rate : 0.0f;

    (void)worker;
    cd_job_kernels(job)->dropout(job->out_size, cd_job_dropout_key(job), at, rate, job->in + at,
                                 job->out + at);
}

/* ---- all ---- */

size_t cd_step_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    switch (step->node->type) {
    case CD_NODE_CONV2D:
        return cd_conv_step_scratch(plan, step);
    case CD_NODE_DENSE:
        return cd_dense_scratch(plan, step);
    case CD_NODE_BATCH_NORM:
        return cd_batch_norm_scratch(plan, step);
    default:
        return 0;
    }
}

size_t cd_step_kept(const struct cd_plan *plan, const struct cd_step *step)
{
    if (step->algorithm)
        return cd_conv_step_kept(plan, step);
    if (step->node->type == CD_NODE_MAX_POOL2D) /* index of each winner */
        return cd_product(plan->batch, cd_shape_size(plan->graph->nodes[step->out].shape));
    if (step->node->type == CD_NODE_BATCH_NORM)
        return cd_batch_norm_kept(step);
    return 0;
}

void cd_step_forward(const struct cd_run *run, const struct cd_step *step)
{
    struct cd_job job = cd_job_make(run, step);

    switch (step->node->type) {
    case CD_NODE_CONV2D:
        cd_conv_forward(&job);
        break;
    case CD_NODE_DENSE:
        cd_dense_forward(&job);
        break;
    case CD_NODE_MAX_POOL2D:
        cd_job_each(&job, run->n, max_pool_task);
        break;
    case CD_NODE_AVERAGE_POOL2D:
    case CD_NODE_GLOBAL_AVERAGE_POOL2D:
        cd_job_each(&job, run->n, average_pool_task);
        break;
    case CD_NODE_ACTIVATION:
        cd_job_each(&job, run->n, activation_task);
        break;
    case CD_NODE_ADD:
        cd_job_each(&job, run->n, add_task);
        break;
    case CD_NODE_DROPOUT:
        cd_job_each(&job, run->n, dropout_task);
        break;
    case CD_NODE_BATCH_NORM:
        cd_batch_norm_forward(&job);
        break;
    case CD_NODE_INPUT:
    case CD_NODE_FLATTEN: /* never a step */
        break;
    }
}

/* SPDX-License-Identifier: MIT
 *
 * Max pooling and average pooling as separate steps. A work item is an image. */
#include "core/size.h"
#include "plan/layers/layers.h"

/* Size of the kept data: for each window, the index of its maximum as a uint32_t. */
static size_t max_kept(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->batch, cd_shape_size(plan->graph->nodes[step->out].shape));
}

static void max_forward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    uint32_t *winner =
        job->run->training && job->kept ? (uint32_t *)job->kept + image * job->out_size : NULL;

    (void)worker;
    cd_job_kernels(job)->max_pool_forward(&job->step->conv, job->in + image * job->in_size,
                                          job->out + image * job->out_size, winner);
}

static void max_forward(struct cd_job *job)
{
    cd_job_each(job, job->run->n, max_forward_item);
}

static void max_backward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->max_pool_backward(&job->step->conv, job->dy + image * job->out_size,
                                           (const uint32_t *)job->kept + image * job->out_size,
                                           job->dx + image * job->in_size);
}

static void max_backward(struct cd_job *job)
{
    if (job->dx)
        cd_job_each(job, job->run->n, max_backward_item);
}

static void average_forward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->average_pool_forward(&job->step->conv, job->in + image * job->in_size,
                                              job->out + image * job->out_size);
}

static void average_forward(struct cd_job *job)
{
    cd_job_each(job, job->run->n, average_forward_item);
}

static void average_backward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;

    (void)worker;
    cd_job_kernels(job)->average_pool_backward(&job->step->conv, job->dy + image * job->out_size,
                                               job->dx + image * job->in_size);
}

static void average_backward(struct cd_job *job)
{
    if (job->dx)
        cd_job_each(job, job->run->n, average_backward_item);
}

const struct cd_layer cd_layer_max_pool2d = {
    .kept = max_kept,
    .forward = max_forward,
    .backward = max_backward,
};

const struct cd_layer cd_layer_average_pool2d = {
    .forward = average_forward,
    .backward = average_backward,
};

const struct cd_layer cd_layer_global_average_pool2d = {
    .forward = average_forward,
    .backward = average_backward,
};

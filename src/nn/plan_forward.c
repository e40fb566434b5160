/* SPDX-License-Identifier: MIT
 *
 * Forward, step by step. Each step is cut into tasks by pictures, rows and blocks. */
#include <math.h>

#include "core/memory.h"
#include "nn/plan_job.h"

/* ---- pooling, activation, addition, dropout: a task a picture ---- */

static void max_pool_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    uint32_t *winner = job->run->training ? (uint32_t *)job->kept + task * job->out_size : NULL;

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
    cd_job_kernels(job)->activation_forward(cd_job_activation(job->step->node), job->out_size / c,
                                            c, NULL, job->in + task * job->in_size,
                                            job->out + task * job->out_size);
}

static void add_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = task * job->out_size;

    (void)worker;
    cd_job_kernels(job)->add(job->out_size, job->in + at, job->in2 + at, job->out + at);
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

/* ---- batch normalisation ---- */

/* Sums of x and of x x over one picture, in double: 2 c of them. */
static void batch_sums_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c, rows = job->out_size / c;
    const float *x = job->in + task * job->in_size;
    double *sums = (double *)(void *)job->scratch + 2 * c * task;

    (void)worker;
    for (size_t k = 0; k < 2 * c; k++)
        sums[k] = 0.0;
    cd_job_kernels(job)->column_sums(rows, c, x, c, sums);
    cd_job_kernels(job)->column_dots(rows, c, x, x, sums + c);
}

/* Mean and 1 / sqrt(variance + epsilon) of the batch into kept (2 c floats), and the running
 * statistics moved towards them; the variance is the biased one, as in Keras. */
static void batch_statistics(const struct cd_job *job)
{
    const struct cd_run *run = job->run;
    const struct cd_node *node = job->step->node;
    const size_t c = node->shape.c;
    const double count = (double)run->n * (double)(job->out_size / c);
    const double *sums = (const double *)(const void *)job->scratch;
    float *mean = job->kept, *inverse = job->kept + c;
    float *moving_mean = run->statistics + cd_step_param(run->plan, job->step, 2)->offset;
    float *moving_variance = run->statistics + cd_step_param(run->plan, job->step, 3)->offset;

    for (size_t k = 0; k < c; k++) {
        double sum = 0.0, dots = 0.0;
        for (size_t i = 0; i < run->n; i++) {
            sum += sums[2 * c * i + k];
            dots += sums[2 * c * i + c + k];
        }
        const double m = sum / count, spread = dots / count - m * m;
        const double variance = spread > 0.0 || spread != spread ? spread : 0.0;
        mean[k] = (float)m;
        inverse[k] = (float)(1.0 / sqrt(variance + node->epsilon));
        moving_mean[k] = node->momentum * moving_mean[k] + (1.0f - node->momentum) * (float)m;
        moving_variance[k] =
            node->momentum * moving_variance[k] + (1.0f - node->momentum) * (float)variance;
    }
}

static void scale_shift_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c;

    (void)worker;
    cd_job_kernels(job)->scale_shift(job->out_size / c, c, job->in + task * job->in_size,
                                     job->scratch, job->scratch + c,
                                     job->out + task * job->out_size);
}

/* y = gamma (x - mean) / sqrt(variance + epsilon) + beta, as x scale + shift. */
static void batch_norm_forward(struct cd_job *job)
{
    const struct cd_run *run = job->run;
    const size_t c = job->step->node->shape.c;
    const float *gamma = cd_job_weights(job, 0), *beta = cd_job_weights(job, 1);
    const float *moving_mean = run->statistics + cd_step_param(run->plan, job->step, 2)->offset;
    const float *moving_variance = run->statistics + cd_step_param(run->plan, job->step, 3)->offset;

    if (run->training) {
        cd_job_each(job, run->n, batch_sums_task);
        batch_statistics(job);
    }
    for (size_t k = 0; k < c; k++) {
        const float mean = run->training ? job->kept[k] : moving_mean[k];
        const float inverse = run->training
                                  ? job->kept[c + k]
                                  : 1.0f / sqrtf(moving_variance[k] + job->step->node->epsilon);
        job->scratch[k] = gamma[k] * inverse;
        job->scratch[c + k] = beta[k] - mean * gamma[k] * inverse;
    }
    cd_job_each(job, run->n, scale_shift_task);
}

/* ---- all ---- */

size_t cd_step_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t c = step->node->shape.c;

    switch (step->node->type) {
    case CD_NODE_CONV2D:
        return cd_conv_step_scratch(plan, step);
    case CD_NODE_DENSE:
        return cd_dense_scratch(plan, step);
    case CD_NODE_BATCH_NORM: /* 2 c doubles a picture, then 2 c floats */
        return cd_product(plan->batch, 2 * c * (sizeof(double) / sizeof(float)));
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
    if (step->node->type == CD_NODE_BATCH_NORM) /* mean, 1 / deviation */
        return 2 * step->node->shape.c;
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
        batch_norm_forward(&job);
        break;
    case CD_NODE_INPUT:
    case CD_NODE_FLATTEN: /* never a step */
        break;
    }
}

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

/* ---- convolution ---- */

size_t cd_conv_slices(size_t n)
{
    return n < CD_CONV_SLICES ? n : CD_CONV_SLICES;
}

static size_t kernel_size(const struct cd_conv *conv)
{
    return conv->window.kh * conv->window.kw * conv->ci * conv->co;
}

/* The parts of backward scratch: partial sums of kernel and bias, then scratch of the workers. */
static float *partial(const struct cd_job *job, size_t slice)
{
    return job->scratch + slice * (kernel_size(&job->step->conv) + job->step->conv.co);
}

/* A picture's gradient by the convolution's map, if the pooling's has to be spread out first. */
static size_t map_size(const struct cd_step *step)
{
    return step->pool.h * step->pool.w * step->pool.ci;
}

/* A worker's scratch: the kernels', then the map. */
static size_t worker_size(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_sum(plan->kernels->conv_scratch(&step->conv), map_size(step));
}

static float *worker_scratch(const struct cd_job *job, size_t worker)
{
    return partial(job, cd_conv_slices(job->run->plan->batch)) +
           worker * worker_size(job->run->plan, job->step);
}

/* A picture's gradient by what enters the activation, at each place of the map. */
static const float *map_gradient(const struct cd_job *job, size_t picture, float *scratch)
{
    const float *dy = job->dy + picture * job->out_size;

    if (map_size(job->step) == 0)
        return dy;
    float *map = scratch + cd_job_kernels(job)->conv_scratch(&job->step->conv);
    cd_job_kernels(job)->max_pool_backward(
        &job->step->pool, dy, (const uint32_t *)job->kept + picture * job->out_size, map);
    return map;
}

/* The sum over one group of pictures; and dx of each of them. */
static void conv_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_conv *conv = &job->step->conv;
    const size_t slices = cd_conv_slices(job->run->n);
    float *dkernel = partial(job, task), *dbias = dkernel + kernel_size(conv);
    float *scratch = worker_scratch(job, worker);

    memset(dkernel, 0, (kernel_size(conv) + conv->co) * sizeof *dkernel);
    for (size_t i = task * job->run->n / slices; i < (task + 1) * job->run->n / slices; i++) {
        const float *dy = map_gradient(job, i, scratch);
        cd_job_kernels(job)->conv_backward_kernel(conv, job->in + i * job->in_size, dy, dkernel,
                                                  dbias, scratch);
        if (job->dx)
            cd_job_kernels(job)->conv_backward_data(conv, dy, cd_job_weights(job, 0),
                                                    job->dx + i * job->in_size, scratch);
    }
}

enum { SUM_BLOCK = 4096 };

/* A block of the sum of the groups, in their order. */
static void conv_sum_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t size = kernel_size(&job->step->conv), first = task * SUM_BLOCK;
    const size_t n = size - first < SUM_BLOCK ? size - first : SUM_BLOCK;
    float *sum = cd_job_gradients(job, 0) + first;

    (void)worker;
    memcpy(sum, partial(job, 0) + first, n * sizeof *sum);
    for (size_t s = 1; s < cd_conv_slices(job->run->n); s++)
        cd_job_kernels(job)->add(n, sum, partial(job, s) + first, sum);
}

static void conv_bias_sum(const struct cd_job *job)
{
    const size_t size = kernel_size(&job->step->conv), co = job->step->conv.co;
    float *sum = cd_job_gradients(job, 1);

    memcpy(sum, partial(job, 0) + size, co * sizeof *sum);
    for (size_t s = 1; s < cd_conv_slices(job->run->n); s++)
        cd_job_kernels(job)->add(co, sum, partial(job, s) + size, sum);
}

static void conv_backward(struct cd_job *job)
{
    cd_job_undo_activation(job);
    cd_job_each(job, cd_conv_slices(job->run->n), conv_task);
    cd_job_each(job, (kernel_size(&job->step->conv) + SUM_BLOCK - 1) / SUM_BLOCK, conv_sum_task);
    if (job->step->node->bias)
        conv_bias_sum(job);
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

/* ---- batch normalisation (Ioffe and Szegedy 2015, section 3) ---- */

/* Sums of dy and of x dy over one picture, in double. */
static void batch_sums_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c, rows = job->out_size / c;
    const float *dy = job->dy + task * job->out_size;
    double *sums = (double *)(void *)job->scratch + 2 * c * task;

    (void)worker;
    for (size_t k = 0; k < 2 * c; k++)
        sums[k] = 0.0;
    cd_job_kernels(job)->column_sums(rows, c, dy, c, sums);
    cd_job_kernels(job)->column_dots(rows, c, job->in + task * job->in_size, dy, sums + c);
}

/* The three factors of each channel lie behind the sums of the pictures. */
static float *factors_of(const struct cd_job *job)
{
    const size_t c = job->step->node->shape.c;
    return (float *)((double *)(void *)job->scratch + 2 * c * job->run->plan->batch);
}

static void batch_norm_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c, at = task * job->out_size;
    const float *factors = factors_of(job);

    (void)worker;
    cd_job_kernels(job)->batch_norm_backward(job->out_size / c, c, job->in + at, job->dy + at,
                                             factors, factors + c, factors + 2 * c, job->dx + at);
}

/* With h = (x - mean) inverse and N values a channel:
 *   dbeta = sum dy,  dgamma = sum dy h,  dx = gamma inverse (dy - dbeta / N - h dgamma / N)
 * which is dx = a dy + b x + d for each channel. */
static void batch_norm_backward(struct cd_job *job)
{
    const size_t c = job->step->node->shape.c, n = job->run->n;
    const double count = (double)n * (double)(job->out_size / c);
    const double *sums = (const double *)(const void *)job->scratch;
    const float *gamma = cd_job_weights(job, 0), *mean = job->kept, *inverse = job->kept + c;
    float *dgamma = cd_job_gradients(job, 0), *dbeta = cd_job_gradients(job, 1);
    float *factors = factors_of(job);

    cd_job_each(job, n, batch_sums_task);
    for (size_t k = 0; k < c; k++) {
        double sum = 0.0, dot = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += sums[2 * c * i + k];
            dot += sums[2 * c * i + c + k];
        }
        const double towards_gamma = (dot - mean[k] * sum) * inverse[k];
        const double a = (double)gamma[k] * inverse[k];
        const double b = -a * inverse[k] * towards_gamma / count;
        dgamma[k] = (float)towards_gamma;
        dbeta[k] = (float)sum;
        factors[k] = (float)a;
        factors[c + k] = (float)b;
        factors[2 * c + k] = (float)(-a * sum / count - b * mean[k]);
    }
    if (job->dx)
        cd_job_each(job, n, batch_norm_task);
}

/* ---- all ---- */

size_t cd_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t c = step->node->shape.c;

    switch (step->node->type) {
    case CD_NODE_CONV2D:
        return cd_sum(cd_product(cd_conv_slices(plan->batch), kernel_size(&step->conv) + c),
                      cd_product(plan->threads, worker_size(plan, step)));
    case CD_NODE_BATCH_NORM:
        return cd_sum(cd_product(plan->batch, 2 * c * (sizeof(double) / sizeof(float))), 3 * c);
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
        conv_backward(job);
        break;
    case CD_NODE_DENSE:
        cd_dense_backward(job);
        break;
    case CD_NODE_BATCH_NORM:
        batch_norm_backward(job);
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

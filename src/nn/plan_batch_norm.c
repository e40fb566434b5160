/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation (Ioffe and Szegedy 2015, section 3), forward and backward: sums over each
 * picture, added in the order of the pictures, then a pass over the map. */
#include <math.h>

#include "core/memory.h"
#include "nn/plan_job.h"

/* ---- sizes ---- */

/* 2 c doubles a picture, then 2 c floats. */
size_t cd_batch_norm_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->batch, 2 * step->node->shape.c * (sizeof(double) / sizeof(float)));
}

/* Mean, 1 / deviation. */
size_t cd_batch_norm_kept(const struct cd_step *step)
{
    return 2 * step->node->shape.c;
}

/* 2 c doubles a picture, and 3 c floats. */
size_t cd_batch_norm_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t c = step->node->shape.c;
    return cd_sum(cd_product(plan->batch, 2 * c * (sizeof(double) / sizeof(float))), 3 * c);
}

/* ---- forward ---- */

/* Sums of x and of x x over one picture, in double: 2 c of them. */
static void input_sums_task(void *argument, size_t task, size_t worker)
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
void cd_batch_norm_forward(struct cd_job *job)
{
    const struct cd_run *run = job->run;
    const size_t c = job->step->node->shape.c;
    const float *gamma = cd_job_weights(job, 0), *beta = cd_job_weights(job, 1);
    const float *moving_mean = run->statistics + cd_step_param(run->plan, job->step, 2)->offset;
    const float *moving_variance = run->statistics + cd_step_param(run->plan, job->step, 3)->offset;

    if (run->training) {
        cd_job_each(job, run->n, input_sums_task);
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

/* ---- backward ---- */

/* Sums of dy and of x dy over one picture, in double. */
static void gradient_sums_task(void *argument, size_t task, size_t worker)
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

static void input_gradient_task(void *argument, size_t task, size_t worker)
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
void cd_batch_norm_backward(struct cd_job *job)
{
    const size_t c = job->step->node->shape.c, n = job->run->n;
    const double count = (double)n * (double)(job->out_size / c);
    const double *sums = (const double *)(const void *)job->scratch;
    const float *gamma = cd_job_weights(job, 0), *mean = job->kept, *inverse = job->kept + c;
    float *dgamma = cd_job_gradients(job, 0), *dbeta = cd_job_gradients(job, 1);
    float *factors = factors_of(job);

    cd_job_each(job, n, gradient_sums_task);
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
        cd_job_each(job, n, input_gradient_task);
}

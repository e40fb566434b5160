/* SPDX-License-Identifier: MIT
 *
 * Dense layers, forward and backward. */
#include <string.h>

#include "core/memory.h"
#include "nn/plan_job.h"

/* ---- forward ---- */

static size_t slices_of(size_t inputs)
{
    return (inputs + CD_DENSE_SLICE - 1) / CD_DENSE_SLICE;
}

/* Partial sum number task: over inputs task * CD_DENSE_SLICE and on, of all pictures. */
static void dense_slice_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t first = task * CD_DENSE_SLICE, inputs = job->in_size, units = job->out_size;
    const size_t k = inputs - first < CD_DENSE_SLICE ? inputs - first : CD_DENSE_SLICE;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, units, k, job->in + first, inputs,
                              cd_job_weights(job, 0) + first * units, units, 0,
                              job->scratch + task * job->run->n * units, units);
}

static void dense_columns_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t first = task * CD_DENSE_COLUMNS, inputs = job->in_size, units = job->out_size;
    const size_t columns = units - first < CD_DENSE_COLUMNS ? units - first : CD_DENSE_COLUMNS;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, columns, inputs, job->in, inputs,
                              cd_job_weights(job, 0) + first, units, 0, job->scratch + first,
                              units);
}

/* Adds a picture's partial sums, then bias and activation. */
static void dense_finish_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t units = job->out_size, slices = slices_of(job->in_size);
    float *out = job->out + task * units;
    const float *sum = job->scratch + task * units;

    (void)worker;
    for (size_t s = 1; s < slices; s++) {
        cd_job_kernels(job)->add(units, sum, job->scratch + (s * job->run->n + task) * units, out);
        sum = out;
    }
    cd_job_kernels(job)->activation_forward(cd_job_activation(job->step->node), 1, units,
                                            cd_job_bias(job), sum, out);
}

void cd_dense_forward(struct cd_job *job)
{
    const size_t slices = slices_of(job->in_size);

    if (slices > 1)
        cd_job_each(job, slices, dense_slice_task);
    else
        cd_job_each(job, (job->out_size + CD_DENSE_COLUMNS - 1) / CD_DENSE_COLUMNS,
                    dense_columns_task);
    cd_job_each(job, job->run->n, dense_finish_task);
}

size_t cd_dense_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(cd_product(slices_of(step->conv.ci), plan->batch), step->node->shape.c);
}

/* ---- backward ---- */

/* A block of rows of the kernel: dW = x^T dy there, and dx = dy W^T for those inputs. */
static void dense_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t inputs = job->in_size, units = job->out_size, n = job->run->n;
    const size_t first = task * CD_DENSE_ROWS;
    const size_t rows = inputs - first < CD_DENSE_ROWS ? inputs - first : CD_DENSE_ROWS;

    (void)worker;
    cd_job_kernels(job)->gemm(1, 0, rows, units, n, job->in + first, inputs, job->dy, units, 0,
                              cd_job_gradients(job, 0) + first * units, units);
    if (job->dx)
        cd_job_kernels(job)->gemm(0, 1, n, rows, units, job->dy, units,
                                  cd_job_weights(job, 0) + first * units, units, 0, job->dx + first,
                                  inputs);
}

void cd_dense_backward(struct cd_job *job)
{
    cd_job_undo_activation(job);
    cd_job_each(job, (job->in_size + CD_DENSE_ROWS - 1) / CD_DENSE_ROWS, dense_task);
    if (!job->step->node->bias)
        return;
    float *dbias = cd_job_gradients(job, 1);
    memcpy(dbias, job->dy, job->out_size * sizeof *dbias);
    for (size_t i = 1; i < job->run->n; i++)
        cd_job_kernels(job)->add(job->out_size, dbias, job->dy + i * job->out_size, dbias);
}

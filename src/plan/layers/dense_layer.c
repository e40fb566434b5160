/* SPDX-License-Identifier: MIT
 *
 * Dense layers, forward and backward. The kernel of the first one is most of a network's weights:
 * what counts is that it is read once, and the pieces are cut so that memory is read front to
 * back. */
#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "plan/job.h"

/* Pieces; functions of shapes only, never of batch or threads. */
enum {
    SLICES = 16,      /* partial sums over the inputs, at most */
    SLICE = 1024,     /* inputs of one, at least */
    SLICE_STEP = 64,  /* its inputs are a multiple of this */
    COLUMNS = 128,    /* of a task, if there is only one slice */
    ROWS = 960,       /* of the kernel in one backward task, at most */
    ROWS_STEP = 48,   /* they are a multiple of this */
    ROW_TASKS = 8     /* of a small layer */
};

/* ---- forward ---- */

static size_t slice_of(size_t inputs)
{
    const size_t slice = cd_round_up(cd_divide_up(inputs, SLICES), SLICE_STEP);
    return slice > SLICE ? slice : SLICE;
}

/* Partial sum number task: over inputs task * slice and on, of all pictures. */
static void slice_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t inputs = job->in_size, units = job->out_size, slice = slice_of(inputs);
    const size_t first = task * slice;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, units,
                              inputs - first < slice ? inputs - first : slice, job->in + first,
                              inputs, cd_job_weights(job, 0) + first * units, units, 0,
                              job->scratch + task * job->run->n * units, units);
}

static void columns_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t first = task * COLUMNS, inputs = job->in_size, units = job->out_size;
    const size_t columns = units - first < COLUMNS ? units - first : COLUMNS;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, columns, inputs, job->in, inputs,
                              cd_job_weights(job, 0) + first, units, 0, job->scratch + first,
                              units);
}

/* Adds a picture's partial sums, then bias and activation. */
static void finish_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t units = job->out_size, slices = cd_divide_up(job->in_size, slice_of(job->in_size));
    float *out = job->out + task * units;
    const float *sum = job->scratch + task * units;

    (void)worker;
    for (size_t s = 1; s < slices; s++) {
        cd_job_kernels(job)->add(units, sum, job->scratch + (s * job->run->n + task) * units, out);
        sum = out;
    }
    cd_job_kernels(job)->activation_forward(job->step->activation, 1, units, cd_job_bias(job), sum,
                                            out);
}

void cd_dense_forward(struct cd_job *job)
{
    const size_t slices = cd_divide_up(job->in_size, slice_of(job->in_size));

    if (slices > 1)
        cd_job_each(job, slices, slice_task);
    else
        cd_job_each(job, cd_divide_up(job->out_size, COLUMNS), columns_task);
    cd_job_each(job, job->run->n, finish_task);
}

size_t cd_dense_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t inputs = step->conv.ci;
    return cd_product(cd_product(cd_divide_up(inputs, slice_of(inputs)), plan->batch),
                      step->node->shape.c);
}

/* ---- backward ---- */

static struct cd_dense_backward layer_of(const struct cd_job *job)
{
    const struct cd_plan_adam *adam = job->run->adam;
    const size_t at = cd_step_param(job->run->plan, job->step, 0)->offset;
    struct cd_dense_backward layer = {.n = job->run->n,
                                      .inputs = job->in_size,
                                      .units = job->out_size,
                                      .x = job->in,
                                      .dy = job->dy,
                                      .prepared = job->scratch,
                                      .dx = job->dx};
    if (adam) {
        layer.adam = &adam->adam;
        layer.w = adam->weights + at;
        layer.m = adam->m + (at - job->run->plan->frozen_weights);
        layer.v = adam->v + (at - job->run->plan->frozen_weights);
    } else {
        layer.w = (float *)(uintptr_t)cd_job_weights(job, 0); /* read only */
        layer.dw = cd_job_gradients(job, 0);
    }
    return layer;
}

static size_t rows_of(size_t inputs)
{
    const size_t rows = cd_round_up(cd_divide_up(inputs, ROW_TASKS), ROWS_STEP);
    return rows < ROWS ? rows : ROWS;
}

/* A block of rows of the kernel: its gradient, or the kernel moved; and dx of those inputs. */
static void rows_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_dense_backward layer = layer_of(job);
    const size_t rows = rows_of(job->in_size), first = task * rows, rest = job->in_size - first;

    (void)worker;
    cd_job_kernels(job)->dense_backward(&layer, first, first + (rest < rows ? rest : rows));
}

/* Of a frozen layer: the same block of dx = dy w^T alone. */
static void input_gradient_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t inputs = job->in_size, units = job->out_size;
    const size_t rows = rows_of(inputs), first = task * rows, rest = inputs - first;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 1, job->run->n, rest < rows ? rest : rows, units, job->dy, units,
                              cd_job_weights(job, 0) + first * units, units, 0, job->dx + first,
                              inputs);
}

void cd_dense_backward(struct cd_job *job)
{
    cd_job_undo_activation(job);
    if (job->step->frozen) {
        cd_job_each(job, cd_divide_up(job->in_size, rows_of(job->in_size)), input_gradient_task);
        return;
    }
    const struct cd_dense_backward layer = layer_of(job);
    cd_job_kernels(job)->dense_prepare(&layer, job->scratch);
    cd_job_each(job, cd_divide_up(job->in_size, rows_of(job->in_size)), rows_task);
    if (!job->step->node->bias)
        return;
    float *dbias = cd_job_gradients(job, 1);
    memcpy(dbias, job->dy, job->out_size * sizeof *dbias);
    for (size_t i = 1; i < job->run->n; i++)
        cd_job_kernels(job)->add(job->out_size, dbias, job->dy + i * job->out_size, dbias);
}

size_t cd_dense_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const struct cd_dense_backward layer = {
        .n = plan->batch, .inputs = step->conv.ci, .units = step->node->shape.c};
    return plan->kernels->dense_prepared(&layer);
}

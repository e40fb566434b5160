/* SPDX-License-Identifier: MIT
 *
 * Dense layers. The kernel of the first one is most of a network's weights, and reading it takes
 * most of the time: work items read it once, front to back. */
#include <string.h>

#include "core/size.h"
#include "plan/layers/layers.h"

/* How the work is cut. The cut depends on shapes only, never on batch or threads. */
enum {
    CHUNKS = 16,     /* forward: partial sums over the inputs, at most */
    CHUNK = 1024,    /* inputs of a partial sum, at least */
    CHUNK_STEP = 64, /* inputs of a partial sum are a multiple of this */
    COLUMNS = 128,   /* units of a work item if there is only one chunk */
    ROWS = 960,      /* backward: rows of the kernel in a work item, at most */
    ROWS_STEP = 48,  /* rows of a work item are a multiple of this */
    ROW_ITEMS = 8    /* work items of a small layer */
};

/* ---- forward ---- */

/* Inputs of a chunk. */
static size_t chunk_of(size_t inputs)
{
    const size_t chunk = cd_round_up(cd_divide_up(inputs, CHUNKS), CHUNK_STEP);

    return chunk > CHUNK ? chunk : CHUNK;
}

static size_t chunks_of(size_t inputs)
{
    return cd_divide_up(inputs, chunk_of(inputs));
}

/* The partial sums of every chunk: n x units each. */
static size_t scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t chunks = chunks_of(step->conv.ci);

    return cd_product(cd_product(chunks, plan->batch), step->node->shape.c);
}

/* Computes the partial sum of one chunk for all images. */
static void chunk_item(void *argument, size_t chunk, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t inputs = job->in_size, units = job->out_size, each = chunk_of(inputs);
    const size_t first = chunk * each;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, units,
                              inputs - first < each ? inputs - first : each, job->in + first,
                              inputs, cd_job_weights(job, 0) + first * units, units, 0,
                              job->scratch + chunk * job->run->n * units, units);
}

/* Computes some units for all images and inputs. */
static void columns_item(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t first = index * COLUMNS, inputs = job->in_size, units = job->out_size;
    const size_t columns = units - first < COLUMNS ? units - first : COLUMNS;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 0, job->run->n, columns, inputs, job->in, inputs,
                              cd_job_weights(job, 0) + first, units, 0, job->scratch + first,
                              units);
}

/* Adds an image's partial sums in their order, then bias and activation. */
static void finish_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t units = job->out_size, chunks = chunks_of(job->in_size);
    float *out = job->out + image * units;
    const float *sum = job->scratch + image * units;

    (void)worker;
    for (size_t s = 1; s < chunks; s++) {
        cd_job_kernels(job)->add(units, sum, job->scratch + (s * job->run->n + image) * units, out);
        sum = out;
    }
    cd_job_kernels(job)->activation_forward(job->step->activation, 1, units, cd_job_bias(job), sum,
                                            out);
}

static void forward(struct cd_job *job)
{
    const size_t chunks = chunks_of(job->in_size);

    if (chunks > 1)
        cd_job_each(job, chunks, chunk_item);
    else
        cd_job_each(job, cd_divide_up(job->out_size, COLUMNS), columns_item);
    cd_job_each(job, job->run->n, finish_item);
}

/* ---- backward ---- */

/* Scratch of backward: dy in the order in which the kernel reads it. */
static size_t scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const struct cd_dense_backward layer = {
        .n = plan->batch, .inputs = step->conv.ci, .units = step->node->shape.c};

    return plan->kernels->dense_prepared(&layer);
}

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
        layer.w = (float *)(uintptr_t)cd_job_weights(job, 0); /* only read */
        layer.dw = cd_job_gradients(job, 0);
    }
    return layer;
}

/* Rows of the kernel in a work item. */
static size_t rows_of(size_t inputs)
{
    const size_t rows = cd_round_up(cd_divide_up(inputs, ROW_ITEMS), ROWS_STEP);

    return rows < ROWS ? rows : ROWS;
}

/* Computes the gradient of some rows of the kernel or updates the rows. Also computes dx of these
 * inputs. */
static void rows_item(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_dense_backward layer = layer_of(job);
    const size_t rows = rows_of(job->in_size), first = index * rows, rest = job->in_size - first;

    (void)worker;
    cd_job_kernels(job)->dense_backward(&layer, first, first + (rest < rows ? rest : rows));
}

/* A frozen layer computes dx = dy w^T only, for the same inputs. */
static void frozen_item(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t inputs = job->in_size, units = job->out_size;
    const size_t rows = rows_of(inputs), first = index * rows, rest = inputs - first;

    (void)worker;
    cd_job_kernels(job)->gemm(0, 1, job->run->n, rest < rows ? rest : rows, units, job->dy, units,
                              cd_job_weights(job, 0) + first * units, units, 0, job->dx + first,
                              inputs);
}

static void sum_bias(const struct cd_job *job)
{
    float *sum = cd_job_gradients(job, 1);

    memcpy(sum, job->dy, job->out_size * sizeof *sum);
    for (size_t i = 1; i < job->run->n; i++)
        cd_job_kernels(job)->add(job->out_size, sum, job->dy + i * job->out_size, sum);
}

static void backward(struct cd_job *job)
{
    const size_t items = cd_divide_up(job->in_size, rows_of(job->in_size));

    cd_job_undo_activation(job, job->dy);
    if (job->step->frozen) {
        cd_job_each(job, items, frozen_item);
        return;
    }
    const struct cd_dense_backward layer = layer_of(job);
    cd_job_kernels(job)->dense_prepare(&layer, job->scratch);
    cd_job_each(job, items, rows_item);
    if (job->step->node->bias)
        sum_bias(job);
}

const struct cd_layer cd_layer_dense = {
    .scratch = scratch,
    .scratch_backward = scratch_backward,
    .reads_input = cd_step_is_trained,
    .reads_output = cd_step_has_activation,
    .forward = forward,
    .backward = backward,
    .updates_kernel = 1,
};

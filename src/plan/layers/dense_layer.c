/* SPDX-License-Identifier: MIT
 *
 * Dense layers. Their time is mostly the time for reading the kernel, which can be most of a
 * network's weights. So the work items divide the kernel, and each reads its part once, from front
 * to back. */
#include <string.h>

#include "core/size.h"
#include "plan/layers/layers.h"

/* How the work is divided. The division depends on shapes only, not on the batch or the number of
 * threads, so sums are always added in the same order. A chunk is a range of inputs over which a
 * partial sum is computed. */
enum {
    CHUNKS = 16,     /* forward pass: largest number of chunks */
    CHUNK = 1024,    /* least number of inputs in a chunk, except the last one */
    CHUNK_STEP = 64, /* the number of inputs in a chunk is a multiple of this */
    COLUMNS = 128,   /* units in a work item if there is only one chunk */
    ROWS = 960,      /* backward pass: largest number of kernel rows in a work item */
    ROWS_STEP = 48,  /* the number of rows in a work item is a multiple of this */
    ROW_ITEMS = 8    /* largest number of work items of a small layer */
};

/* ---- forward pass ---- */

/* Returns the number of inputs in a chunk. */
static size_t chunk_of(size_t inputs)
{
    const size_t chunk = cd_round_up(cd_divide_up(inputs, CHUNKS), CHUNK_STEP);

    return chunk > CHUNK ? chunk : CHUNK;
}

static size_t chunks_of(size_t inputs)
{
    return cd_divide_up(inputs, chunk_of(inputs));
}

/* Size of the partial sums: batch x units for each chunk. */
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

/* Computes up to COLUMNS units for all images, without bias and activation. */
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

/* Adds an image's partial sums in the order of the chunks and applies bias and activation. */
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

/* ---- backward pass ---- */

/* Size of a copy of dy in the layout that dense_backward of the kernel table reads. */
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

/* Returns the number of kernel rows in a work item. */
static size_t rows_of(size_t inputs)
{
    const size_t rows = cd_round_up(cd_divide_up(inputs, ROW_ITEMS), ROWS_STEP);

    return rows < ROWS ? rows : ROWS;
}

/* Computes the gradient of some rows of the kernel, or updates these rows with Adam. Also computes
 * dx for the inputs that belong to the rows. */
static void rows_item(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_dense_backward layer = layer_of(job);
    const size_t rows = rows_of(job->in_size), first = index * rows, rest = job->in_size - first;

    (void)worker;
    cd_job_kernels(job)->dense_backward(&layer, first, first + (rest < rows ? rest : rows));
}

/* Computes dx = dy w^T of a frozen layer for the inputs that belong to some rows of the kernel
 * w. */
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

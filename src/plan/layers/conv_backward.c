/* SPDX-License-Identifier: MIT
 *
 * The backward pass of a convolution. The kernel gradient is computed as partial sums over chunks
 * of images (conv_cut.h). They are added in the order of the chunks, so the result does not depend
 * on the number of threads. The work items of the kernel gradient and of the input gradient run in
 * parallel. */
#include "plan/layers/conv_backward.h"

#include <string.h>

#include "core/clock.h"
#include "core/size.h"

enum { SUM_BLOCK = 4096 }; /* floats of the kernel gradient that a work item of sum_item computes */

/* The scratch consists of the prepared kernel, the partial sums and the scratch of each worker. */
size_t cd_conv_backward_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const struct cd_conv_cut *cut = &step->cut;
    const size_t sums = cd_product(cd_conv_cut_chunks(cut, plan->batch), cut->partial);

    return cd_sum(cut->prepared_backward,
                  cd_sum(sums, cd_product(plan->threads, cut->scratch_backward)));
}

/* Each worker has memory for the dx of a whole group of images. A work item that computes only some
 * rows writes them at the same offsets as in the group's dx. */
size_t cd_conv_backward_temporary(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->threads, step->cut.temporary);
}

/* What the work items of a backward pass share. */
struct backward {
    const struct cd_job *job;
    const float *kernel; /* the kernel in the layout that the input gradient needs */
    float *partial;      /* the partial sums, chunk by chunk */
    float *scratch;      /* the workers' scratch, one after the other */
    const char *kept;    /* data kept by the forward pass, or NULL */
    size_t kept_bytes;   /* bytes of kept for one image */
    size_t chunks;       /* number of chunks of images for the kernel gradient */
    size_t kernel_items; /* number of work items of the kernel gradient */
    size_t groups;       /* number of groups of images for the input gradient */
    size_t data_items;   /* number of work items of the input gradient */
};

static struct backward make_backward(const struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const struct cd_conv_cut *cut = &step->cut;
    struct backward work = {
        .job = job,
        .kernel = cut->prepared_backward ? job->scratch : cd_job_weights(job, 0),
        .partial = job->scratch + cut->prepared_backward,
        .kept = (const char *)job->kept,
        .kept_bytes = step->algorithm->kept(&step->conv_layer),
        .chunks = cd_conv_cut_chunks(cut, job->run->n),
    };

    work.scratch = work.partial + cd_conv_cut_chunks(cut, job->run->plan->batch) * cut->partial;
    work.kernel_items = work.chunks * cut->gradient_blocks;
    if (job->dx) {
        work.groups = cd_conv_cut_groups(&cut->data, job->run->n);
        work.data_items = work.groups * cut->data.items;
    }
    return work;
}

static const char *kept_of(const struct backward *work, size_t image)
{
    return work->kept ? work->kept + image * work->kept_bytes : NULL;
}

/* Computes one block of channels of the kernel gradient's partial sum over one chunk. */
static void kernel_item(const struct backward *work, size_t index, size_t worker)
{
    const struct cd_job *job = work->job;
    const struct cd_step *step = job->step;
    const size_t n = job->run->n, chunk = index % work->chunks, block = index / work->chunks;
    const size_t first = chunk * n / work->chunks, last = (chunk + 1) * n / work->chunks;
    float *dkernel = work->partial + chunk * step->cut.partial;

    step->algorithm->backward_kernel(&step->conv_layer, block, last - first,
                                     job->in + first * job->in_size,
                                     job->dy + first * job->out_size, kept_of(work, first), dkernel,
                                     step->node->bias ? dkernel + step->cut.kernel : NULL,
                                     work->scratch + worker * step->cut.scratch_backward);
}

/* Adds the dx of a work item to sum, the gradient that other steps have written. */
static void add_item(const struct cd_job *job, const struct cd_conv_item *item, const float *dx,
                     float *sum)
{
    const struct cd_conv *conv = &job->step->conv_layer.conv;
    const size_t row = conv->w * conv->ci, at = item->first * row;
    const size_t floats = (item->n - 1) * job->in_size + (item->last - item->first) * row;

    cd_job_kernels(job)->add(floats, sum + at, dx + at, sum + at);
}

/* Computes some rows of an image's dx, or all rows of a group of images. */
static void data_item(const struct backward *work, size_t index, size_t worker)
{
    const struct cd_job *job = work->job;
    const struct cd_step *step = job->step;
    const struct cd_conv_place place =
        cd_conv_cut_at(&step->cut.data, job->run->n, work->groups, index);
    float *sum = job->dx + place.image * job->in_size;
    float *dx = step->adds_dx[0] ? job->temporary + worker * step->cut.temporary : sum;

    step->algorithm->backward_data(&step->conv_layer, &place.item,
                                   job->dy + place.image * job->out_size,
                                   kept_of(work, place.image), work->kernel, dx,
                                   work->scratch + worker * step->cut.scratch_backward);
    if (step->adds_dx[0])
        add_item(job, &place.item, dx, sum);
}

/* Work items of the kernel gradient come first because they take longest. */
static void backward_item(void *argument, size_t index, size_t worker)
{
    const struct backward *work = argument;

    if (index < work->kernel_items)
        kernel_item(work, index, worker);
    else
        data_item(work, index - work->kernel_items, worker);
}

static void data_only_item(void *argument, size_t index, size_t worker)
{
    data_item(argument, index, worker);
}

/* Computes the kernel gradient, then the input gradient, and measures the time of the latter. */
static void run_timed(struct backward *work)
{
    const struct cd_plan *plan = work->job->run->plan;

    cd_parallel_for(plan->context, work->kernel_items, backward_item, work);
    const double start = cd_clock_seconds();
    cd_parallel_for(plan->context, work->data_items, data_only_item, work);
    plan->times[work->job->step - plan->steps].backward_data = cd_clock_seconds() - start;
}

/* Computes a block of the kernel gradient: adds the partial sums in the order of the chunks. */
static void sum_item(void *argument, size_t index, size_t worker)
{
    const struct backward *work = argument;
    const struct cd_job *job = work->job;
    const struct cd_conv_cut *cut = &job->step->cut;
    const size_t first = index * SUM_BLOCK;
    const size_t n = cut->kernel - first < SUM_BLOCK ? cut->kernel - first : SUM_BLOCK;
    float *sum = cd_job_gradients(job, 0) + first;

    (void)worker;
    memcpy(sum, work->partial + first, n * sizeof *sum);
    for (size_t s = 1; s < work->chunks; s++)
        cd_job_kernels(job)->add(n, sum, work->partial + s * cut->partial + first, sum);
}

static void sum_bias(const struct backward *work)
{
    const struct cd_job *job = work->job;
    const struct cd_conv_cut *cut = &job->step->cut;
    const size_t co = job->step->conv_layer.conv.co;
    float *sum = cd_job_gradients(job, 1);

    memcpy(sum, work->partial + cut->kernel, co * sizeof *sum);
    for (size_t s = 1; s < work->chunks; s++)
        cd_job_kernels(job)->add(co, sum, work->partial + s * cut->partial + cut->kernel, sum);
}

void cd_conv_backward(struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const struct cd_plan *plan = job->run->plan;
    struct backward work = make_backward(job);

    if (!step->algorithm->keeps_activation(&step->conv_layer))
        cd_job_undo_activation(job, job->dy);
    if (step->cut.prepared_backward)
        step->algorithm->prepare(&step->conv_layer, CD_CONV_BACKWARD_DATA, cd_job_weights(job, 0),
                                 job->scratch);
    if (plan->times)
        run_timed(&work);
    else
        cd_parallel_for(plan->context, work.kernel_items + work.data_items, backward_item, &work);
    if (step->frozen)
        return;
    cd_parallel_for(plan->context, cd_divide_up(step->cut.kernel, SUM_BLOCK), sum_item, &work);
    if (step->node->bias)
        sum_bias(&work);
}

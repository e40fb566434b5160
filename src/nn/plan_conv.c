/* SPDX-License-Identifier: MIT
 *
 * Convolution layers, forward and backward, by the algorithm chosen when the plan is made. Forward
 * and the gradient by the input are cut into rows of a picture, the gradient by the kernel into
 * groups of pictures: a fixed number of partial sums, added in a fixed order. */
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "nn/plan_job.h"

enum {
    SLICES = 16, /* partial sums of a kernel's gradient */
    SUM_BLOCK = 4096
};

static size_t aligned(size_t floats)
{
    return cd_round_up(floats, CD_PLAN_ALIGN);
}

/* ---- sizes ---- */

static size_t kernel_size(const struct cd_step *step)
{
    const struct cd_conv *conv = &step->layer.conv;
    return conv->window.kh * conv->window.kw * conv->ci * conv->co;
}

/* A partial sum: of the kernel's gradient, then of the bias'. */
static size_t partial_size(const struct cd_step *step)
{
    return aligned(kernel_size(step) + step->layer.conv.co);
}

static size_t slices(size_t n)
{
    return n < SLICES ? n : SLICES;
}

static size_t forward_worker(const struct cd_step *step)
{
    return aligned(step->algorithm->scratch(&step->layer, CD_CONV_FORWARD));
}

static size_t backward_worker(const struct cd_step *step)
{
    const size_t kernel = step->algorithm->scratch(&step->layer, CD_CONV_BACKWARD_KERNEL);
    const size_t data =
        step->wants_dx[0] ? step->algorithm->scratch(&step->layer, CD_CONV_BACKWARD_DATA) : 0;
    return aligned(kernel > data ? kernel : data);
}

static size_t prepared_backward(const struct cd_step *step)
{
    return step->wants_dx[0]
               ? aligned(step->algorithm->prepared(&step->layer, CD_CONV_BACKWARD_DATA))
               : 0;
}

size_t cd_conv_step_prepared(const struct cd_step *step)
{
    return step->algorithm->prepared(&step->layer, CD_CONV_FORWARD);
}

size_t cd_conv_step_kept(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_pieces(cd_product(plan->batch, step->algorithm->kept(&step->layer)), sizeof(float));
}

size_t cd_conv_step_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->threads, forward_worker(step));
}

/* The parts of backward scratch: the prepared kernel, the partial sums, scratch of the workers. */
size_t cd_conv_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t partials = cd_product(slices(plan->batch), partial_size(step));
    return cd_sum(prepared_backward(step),
                  cd_sum(partials, cd_product(plan->threads, backward_worker(step))));
}

/* ---- forward ---- */

static size_t output_rows(const struct cd_step *step)
{
    return step->layer.pool.co ? step->layer.pool.oh : step->layer.conv.oh;
}

static void forward_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_step *step = job->step;
    const struct cd_conv_algorithm *algorithm = step->algorithm;
    const size_t rows = output_rows(step), each = algorithm->rows(&step->layer, CD_CONV_FORWARD);
    const size_t picture = task / cd_pieces(rows, each), first = task % cd_pieces(rows, each) * each;
    const float *prepared = cd_plan_memory(job->run->plan, step->prepared);
    char *kept = job->run->training ? (char *)job->kept : NULL;

    algorithm->forward(&step->layer, job->in + picture * job->in_size,
                       prepared ? prepared : cd_job_weights(job, 0), cd_job_bias(job), first,
                       first + each < rows ? first + each : rows,
                       job->out + picture * job->out_size,
                       kept ? kept + picture * algorithm->kept(&step->layer) : NULL,
                       job->scratch ? job->scratch + worker * forward_worker(step) : NULL);
}

/* A plan made for predicting keeps the prepared kernel from run to run. */
static void prepare_forward(const struct cd_job *job)
{
    const struct cd_plan *plan = job->run->plan;
    float *prepared = cd_plan_memory(plan, job->step->prepared);

    if (prepared && !plan->is_prepared)
        job->step->algorithm->prepare(&job->step->layer, CD_CONV_FORWARD, cd_job_weights(job, 0),
                                      prepared);
}

void cd_conv_forward(struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const size_t each = step->algorithm->rows(&step->layer, CD_CONV_FORWARD);

    prepare_forward(job);
    cd_job_each(job, job->run->n * cd_pieces(output_rows(step), each), forward_task);
}

/* ---- backward ---- */

static float *partial(const struct cd_job *job, size_t slice)
{
    return job->scratch + prepared_backward(job->step) + slice * partial_size(job->step);
}

static float *worker_scratch(const struct cd_job *job, size_t worker)
{
    return partial(job, slices(job->run->plan->batch)) + worker * backward_worker(job->step);
}

static const char *kept_of(const struct cd_job *job, size_t picture)
{
    const char *kept = (const char *)job->kept;
    return kept ? kept + picture * job->step->algorithm->kept(&job->step->layer) : NULL;
}

/* The partial sum over one group of pictures. */
static void kernel_task(const struct cd_job *job, size_t slice, size_t worker)
{
    const size_t n = job->run->n;
    const size_t first = slice * n / slices(n), last = (slice + 1) * n / slices(n);
    float *dkernel = partial(job, slice);

    job->step->algorithm->backward_kernel(
        &job->step->layer, last - first, job->in + first * job->in_size,
        job->dy + first * job->out_size, kept_of(job, first), dkernel,
        job->step->node->bias ? dkernel + kernel_size(job->step) : NULL,
        worker_scratch(job, worker));
}

/* Some rows of the gradient by one picture of the input. */
static void data_task(const struct cd_job *job, size_t task, size_t worker)
{
    const struct cd_step *step = job->step;
    const size_t rows = step->layer.conv.h;
    const size_t each = step->algorithm->rows(&step->layer, CD_CONV_BACKWARD_DATA);
    const size_t picture = task / cd_pieces(rows, each), first = task % cd_pieces(rows, each) * each;
    const float *prepared = prepared_backward(step) ? job->scratch : cd_job_weights(job, 0);

    step->algorithm->backward_data(&step->layer, job->dy + picture * job->out_size,
                                   kept_of(job, picture), prepared, first,
                                   first + each < rows ? first + each : rows,
                                   job->dx + picture * job->in_size, worker_scratch(job, worker));
}

/* The partial sums come first: they are the longest tasks. */
static void backward_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t sums = slices(job->run->n);

    if (task < sums)
        kernel_task(job, task, worker);
    else
        data_task(job, task - sums, worker);
}

static void only_data_task(void *argument, size_t task, size_t worker)
{
    data_task(argument, task, worker);
}

/* The same tasks, those of the gradient by the input apart and timed. */
static void timed_backward_tasks(struct cd_job *job, size_t data_tasks)
{
    const struct cd_plan *plan = job->run->plan;

    cd_job_each(job, slices(job->run->n), backward_task);
    const double start = cd_clock_seconds();
    cd_job_each(job, data_tasks, only_data_task);
    plan->times[job->step - plan->steps].backward_data = cd_clock_seconds() - start;
}

/* A block of the sum of the groups, in their order. */
static void sum_task(void *argument, size_t task, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t size = kernel_size(job->step), first = task * SUM_BLOCK;
    const size_t n = size - first < SUM_BLOCK ? size - first : SUM_BLOCK;
    float *sum = cd_job_gradients(job, 0) + first;

    (void)worker;
    memcpy(sum, partial(job, 0) + first, n * sizeof *sum);
    for (size_t s = 1; s < slices(job->run->n); s++)
        cd_job_kernels(job)->add(n, sum, partial(job, s) + first, sum);
}

static void bias_sum(const struct cd_job *job)
{
    const size_t size = kernel_size(job->step), co = job->step->layer.conv.co;
    float *sum = cd_job_gradients(job, 1);

    memcpy(sum, partial(job, 0) + size, co * sizeof *sum);
    for (size_t s = 1; s < slices(job->run->n); s++)
        cd_job_kernels(job)->add(co, sum, partial(job, s) + size, sum);
}

void cd_conv_backward(struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const struct cd_conv_layer *layer = &step->layer;
    size_t data_tasks = 0;

    if (!step->algorithm->keeps_activation(layer))
        cd_job_undo_activation(job);
    if (prepared_backward(step))
        step->algorithm->prepare(layer, CD_CONV_BACKWARD_DATA, cd_job_weights(job, 0),
                                 job->scratch);
    if (job->dx)
        data_tasks = job->run->n *
                     cd_pieces(layer->conv.h, step->algorithm->rows(layer, CD_CONV_BACKWARD_DATA));
    if (job->run->plan->times)
        timed_backward_tasks(job, data_tasks);
    else
        cd_job_each(job, slices(job->run->n) + data_tasks, backward_task);
    cd_job_each(job, cd_pieces(kernel_size(step), SUM_BLOCK), sum_task);
    if (step->node->bias)
        bias_sum(job);
}

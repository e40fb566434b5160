/* SPDX-License-Identifier: MIT
 *
 * Convolution layers, forward and backward, by the algorithm chosen when the plan is made. Forward
 * and the gradient by the input are cut into rows of a picture, forward into channels, too, where
 * that leaves threads without work; the gradient by the kernel into groups of pictures: a fixed
 * number of partial sums, added in a fixed order. */
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "core/size.h"
#include "plan/job.h"

enum {
    SLICES = 16, /* partial sums of a kernel's gradient */
    GROUPS = 8,  /* of pictures that are computed together: a multiple, for an even load */
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

/* Groups of pictures; a kernel that is computed in parts has as many tasks with fewer groups, which
 * leave fewer sums to be added. None if the kernel is frozen. */
static size_t slices(const struct cd_step *step, size_t n)
{
    if (step->frozen)
        return 0;
    const size_t most = cd_divide_up(SLICES, step->algorithm->gradient_blocks(&step->layer));
    return n < most ? n : most;
}

static size_t kernel_tasks(const struct cd_step *step, size_t n)
{
    return slices(step, n) * step->algorithm->gradient_blocks(&step->layer);
}

static size_t forward_worker(const struct cd_step *step)
{
    return aligned(step->algorithm->scratch(&step->layer, CD_CONV_FORWARD));
}

static size_t backward_worker(const struct cd_step *step)
{
    const size_t kernel =
        step->frozen ? 0 : step->algorithm->scratch(&step->layer, CD_CONV_BACKWARD_KERNEL);
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
    return cd_divide_up(cd_product(plan->batch, step->algorithm->kept(&step->layer)),
                        sizeof(float));
}

/* Factor and bias of each channel; then the kernel, unless forward reads a prepared one. */
size_t cd_conv_step_folded(const struct cd_step *step)
{
    if (!step->folded)
        return 0;
    return 2 * step->layer.conv.co + (cd_conv_step_prepared(step) ? 0 : kernel_size(step));
}

/* Of the workers; the folded kernel, to be prepared, lies there before. */
size_t cd_conv_step_scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t workers = cd_product(plan->threads, forward_worker(step));
    const size_t folded = step->folded && cd_conv_step_prepared(step) ? kernel_size(step) : 0;
    return workers > folded ? workers : folded;
}

/* The parts of backward scratch: the prepared kernel, the partial sums, scratch of the workers. */
size_t cd_conv_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t partials = cd_product(slices(step, plan->batch), partial_size(step));
    return cd_sum(prepared_backward(step),
                  cd_sum(partials, cd_product(plan->threads, backward_worker(step))));
}

/* Of a gradient that is added to what is there: each worker's piece, in the place that it has in
 * its pictures. */
static size_t temporary_worker(const struct cd_step *step)
{
    const struct cd_conv *conv = &step->layer.conv;
    return aligned(step->algorithm->images(&step->layer, CD_CONV_BACKWARD_DATA) * conv->h *
                   conv->w * conv->ci);
}

size_t cd_conv_step_temporary(const struct cd_plan *plan, const struct cd_step *step)
{
    return cd_product(plan->threads, temporary_worker(step));
}

/* ---- forward ---- */

static size_t output_rows(const struct cd_step *step)
{
    return step->layer.pool.co ? step->layer.pool.oh : step->layer.conv.oh;
}

/* A task of forward or backward data, from that picture on. */
struct task {
    size_t picture;
    struct cd_conv_item piece;
};

static size_t count_groups(const struct cd_step *step, enum cd_conv_pass pass, size_t n)
{
    const size_t most = step->algorithm->images(&step->layer, pass);
    const size_t groups = cd_round_up(cd_divide_up(n, most), GROUPS);
    return groups < n ? groups : n;
}

static size_t count_pieces(const struct cd_step *step, enum cd_conv_pass pass, size_t n,
                           size_t rows)
{
    return count_groups(step, pass, n) *
           cd_divide_up(rows, step->algorithm->rows(&step->layer, pass));
}

static struct task task_at(const struct cd_step *step, enum cd_conv_pass pass, size_t n,
                           size_t rows, size_t index)
{
    const size_t each = step->algorithm->rows(&step->layer, pass);
    const size_t pieces = cd_divide_up(rows, each);
    const size_t groups = count_groups(step, pass, n), group = index / pieces;
    const size_t first = index % pieces * each;
    struct task task = {.picture = n * group / groups, .piece = {.first = first}};

    task.piece.n = n * (group + 1) / groups - task.picture;
    task.piece.last = rows - first < each ? rows : first + each;
    return task;
}

/* Where there are at least twice as many threads as pieces, each piece's channels are shared out,
 * too. No sum goes over them, so this may follow the threads. No more shares than make the largest
 * smaller. */
static size_t channel_shares(const struct cd_plan *plan, const struct cd_step *step, size_t n)
{
    const size_t blocks = step->algorithm->channel_blocks(&step->layer);
    const size_t most = plan->threads / count_pieces(step, CD_CONV_FORWARD, n, output_rows(step));

    return most < 2 ? 1 : cd_divide_up(blocks, cd_divide_up(blocks, most));
}

static float *folded_kernel(const struct cd_job *job)
{
    float *folded = cd_plan_memory(job->run->plan, job->step->folded_kernel);
    return folded ? folded + 2 * job->step->layer.conv.co : NULL;
}

static const float *kernel_of(const struct cd_job *job)
{
    return job->step->folded ? folded_kernel(job) : cd_job_weights(job, 0);
}

static const float *bias_of(const struct cd_job *job)
{
    return job->step->folded ? folded_kernel(job) - job->step->layer.conv.co : cd_job_bias(job);
}

static void forward_task(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const struct cd_step *step = job->step;
    const struct cd_conv_algorithm *algorithm = step->algorithm;
    const size_t n = job->run->n, shares = channel_shares(job->run->plan, step, n);
    const size_t share = index % shares, blocks = algorithm->channel_blocks(&step->layer);
    const float *prepared = cd_plan_memory(job->run->plan, step->prepared);
    char *kept = job->run->training ? (char *)job->kept : NULL;
    struct task task = task_at(step, CD_CONV_FORWARD, n, output_rows(step), index / shares);

    /* the last block is the largest */
    task.piece.first_block = cd_divide_up(blocks * share, shares);
    task.piece.last_block = cd_divide_up(blocks * (share + 1), shares);
    algorithm->forward(&step->layer, &task.piece, job->in + task.picture * job->in_size,
                       prepared ? prepared : kernel_of(job), bias_of(job),
                       job->out + task.picture * job->out_size,
                       kept ? kept + task.picture * algorithm->kept(&step->layer) : NULL,
                       job->scratch ? job->scratch + worker * forward_worker(step) : NULL);
}

/* The kernel times the factor of each channel; the bias likewise, and the summand. */
static void fold(const struct cd_job *job, float *kernel)
{
    const size_t co = job->step->layer.conv.co;
    const float *from = cd_job_weights(job, 0), *bias = cd_job_bias(job);
    float *scale = cd_plan_memory(job->run->plan, job->step->folded_kernel), *shift = scale + co;

    cd_batch_norm_moving(job->run, job->step->folded, scale, shift);
    for (size_t i = 0; i < kernel_size(job->step); i += co)
        for (size_t o = 0; o < co; o++)
            kernel[i + o] = from[i + o] * scale[o];
    for (size_t o = 0; bias && o < co; o++)
        shift[o] += bias[o] * scale[o];
}

static void prepare_forward(const struct cd_job *job)
{
    float *prepared = cd_plan_memory(job->run->plan, job->step->prepared);
    const float *kernel = cd_job_weights(job, 0);

    if (job->step->folded) {
        float *folded = prepared ? job->scratch : folded_kernel(job);
        fold(job, folded);
        kernel = folded;
    }
    if (prepared)
        job->step->algorithm->prepare(&job->step->layer, CD_CONV_FORWARD, kernel, prepared);
}

void cd_conv_step_prepare(const struct cd_run *run, const struct cd_step *step)
{
    const struct cd_job job = cd_job_make(run, step);

    prepare_forward(&job);
}

/* A plan made for predicting has prepared its kernels before the run. */
void cd_conv_forward(struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const size_t n = job->run->n;

    if (job->run->plan->training)
        prepare_forward(job);
    cd_job_each(job,
                count_pieces(step, CD_CONV_FORWARD, n, output_rows(step)) *
                    channel_shares(job->run->plan, step, n),
                forward_task);
}

/* ---- backward ---- */

static float *partial(const struct cd_job *job, size_t slice)
{
    return job->scratch + prepared_backward(job->step) + slice * partial_size(job->step);
}

static float *worker_scratch(const struct cd_job *job, size_t worker)
{
    return partial(job, slices(job->step, job->run->plan->batch)) +
           worker * backward_worker(job->step);
}

static const char *kept_of(const struct cd_job *job, size_t picture)
{
    const char *kept = (const char *)job->kept;
    return kept ? kept + picture * job->step->algorithm->kept(&job->step->layer) : NULL;
}

/* The partial sum over one group of pictures, or a part of it. */
static void kernel_task(const struct cd_job *job, size_t index, size_t worker)
{
    const size_t n = job->run->n, groups = slices(job->step, n);
    const size_t slice = index % groups, part = index / groups;
    const size_t first = slice * n / groups, last = (slice + 1) * n / groups;
    float *dkernel = partial(job, slice);

    job->step->algorithm->backward_kernel(
        &job->step->layer, part, last - first, job->in + first * job->in_size,
        job->dy + first * job->out_size, kept_of(job, first), dkernel,
        job->step->node->bias ? dkernel + kernel_size(job->step) : NULL,
        worker_scratch(job, worker));
}

/* What a task has made, onto what other steps have left there. */
static void add_piece(const struct cd_job *job, const struct cd_conv_item *piece,
                      const float *dx, float *sum)
{
    const size_t row = job->step->layer.conv.w * job->step->layer.conv.ci, at = piece->first * row;
    const size_t floats = (piece->n - 1) * job->in_size + (piece->last - piece->first) * row;

    cd_job_kernels(job)->add(floats, sum + at, dx + at, sum + at);
}

/* Some rows of the gradient by one picture of the input, or by all of some. */
static void data_task(const struct cd_job *job, size_t index, size_t worker)
{
    const struct cd_step *step = job->step;
    const struct task task =
        task_at(step, CD_CONV_BACKWARD_DATA, job->run->n, step->layer.conv.h, index);
    const float *prepared = prepared_backward(step) ? job->scratch : cd_job_weights(job, 0);
    float *sum = job->dx + task.picture * job->in_size;
    float *dx = step->adds_dx[0] ? job->temporary + worker * temporary_worker(step) : sum;

    step->algorithm->backward_data(&step->layer, &task.piece,
                                   job->dy + task.picture * job->out_size,
                                   kept_of(job, task.picture), prepared, dx,
                                   worker_scratch(job, worker));
    if (step->adds_dx[0])
        add_piece(job, &task.piece, dx, sum);
}

/* The partial sums come first: they are the longest tasks. */
static void backward_task(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t sums = kernel_tasks(job->step, job->run->n);

    if (index < sums)
        kernel_task(job, index, worker);
    else
        data_task(job, index - sums, worker);
}

static void only_data_task(void *argument, size_t index, size_t worker)
{
    data_task(argument, index, worker);
}

/* The same tasks, those of the gradient by the input apart and timed. */
static void timed_backward_tasks(struct cd_job *job, size_t data_tasks)
{
    const struct cd_plan *plan = job->run->plan;

    cd_job_each(job, kernel_tasks(job->step, job->run->n), backward_task);
    const double start = cd_clock_seconds();
    cd_job_each(job, data_tasks, only_data_task);
    plan->times[job->step - plan->steps].backward_data = cd_clock_seconds() - start;
}

/* A block of the sum of the groups, in their order. */
static void sum_task(void *argument, size_t index, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t size = kernel_size(job->step), first = index * SUM_BLOCK;
    const size_t n = size - first < SUM_BLOCK ? size - first : SUM_BLOCK;
    float *sum = cd_job_gradients(job, 0) + first;

    (void)worker;
    memcpy(sum, partial(job, 0) + first, n * sizeof *sum);
    for (size_t s = 1; s < slices(job->step, job->run->n); s++)
        cd_job_kernels(job)->add(n, sum, partial(job, s) + first, sum);
}

static void bias_sum(const struct cd_job *job)
{
    const size_t size = kernel_size(job->step), co = job->step->layer.conv.co;
    float *sum = cd_job_gradients(job, 1);

    memcpy(sum, partial(job, 0) + size, co * sizeof *sum);
    for (size_t s = 1; s < slices(job->step, job->run->n); s++)
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
        data_tasks = count_pieces(step, CD_CONV_BACKWARD_DATA, job->run->n, layer->conv.h);
    if (job->run->plan->times)
        timed_backward_tasks(job, data_tasks);
    else
        cd_job_each(job, kernel_tasks(step, job->run->n) + data_tasks, backward_task);
    if (step->frozen)
        return;
    cd_job_each(job, cd_divide_up(kernel_size(step), SUM_BLOCK), sum_task);
    if (step->node->bias)
        bias_sum(job);
}

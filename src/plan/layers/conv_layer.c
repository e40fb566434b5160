/* SPDX-License-Identifier: MIT
 *
 * Convolution: fusing, memory sizes, preparation of the kernel, and the forward pass. The backward
 * pass is in conv_backward.c, and the division into work items is in conv_cut.c. */
#include "core/memory.h"
#include "core/size.h"
#include "plan/choose.h"
#include "plan/fuse.h"
#include "plan/layers/batch_norm_layer.h"
#include "plan/layers/conv_backward.h"
#include "plan/layers/layers.h"

/* ---- creating a plan ---- */

/* Fuses a following batch normalisation in a plan for prediction. There it is a scale and a shift
 * for each channel, which can be folded into the kernel and the bias. */
static void fold_batch_norm(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    const struct cd_node *node = cd_fuse_candidate(plan, needed, step, CD_NODE_BATCH_NORM);

    if (!node || plan->training)
        return;
    step->folded = node;
    cd_fuse_node(plan, needed, node, step);
}

/* Fuses no activation but ReLU, because the fast convolution algorithms support no other. */
static void fuse(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    if (step->activation.kind != CNN_ACTIVATION_NONE)
        return;
    fold_batch_norm(plan, needed, step);
    cd_fuse_activation(plan, needed, CNN_ACTIVATION_RELU, step);
}

static void choose(const struct cd_plan *plan, unsigned char *needed,
                   const struct cd_conv_choice *choice, struct cd_step *step)
{
    cd_choose_conv(plan, needed, choice, step);
    step->cut = cd_conv_cut_make(&step->conv_layer, step->algorithm, step->passes);
}

/* ---- memory ---- */

static size_t prepared(const struct cd_step *step)
{
    return step->algorithm->prepared(&step->conv_layer, CD_CONV_FORWARD);
}

/* Size of the data after folding: scale and bias of each channel, then the kernel. The kernel is
 * not included if the forward pass reads a prepared one. */
static size_t folded(const struct cd_step *step)
{
    if (!step->folded)
        return 0;
    return 2 * step->conv_layer.conv.co + (prepared(step) ? 0 : step->cut.kernel);
}

static size_t kept(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t bytes = step->algorithm->kept(&step->conv_layer);

    return cd_divide_up(cd_product(plan->batch, bytes), sizeof(float));
}

/* Size of the workers' scratch. Before the run, the same memory holds the folded kernel from which
 * the prepared kernel is computed. */
static size_t scratch(const struct cd_plan *plan, const struct cd_step *step)
{
    const size_t workers = cd_product(plan->threads, step->cut.scratch_forward);
    const size_t kernel = step->folded && prepared(step) ? step->cut.kernel : 0;

    return workers > kernel ? workers : kernel;
}

static int reads_output(const struct cd_step *step)
{
    return cd_step_has_activation(step) && !step->algorithm->keeps_activation(&step->conv_layer);
}

/* ---- preparing the kernel ---- */

/* Returns the memory of the scales (co floats), the biases (co floats) and the kernel after
 * folding. */
static float *folded_memory(const struct cd_job *job)
{
    return cd_plan_memory(job->run->plan, job->step->folded_kernel);
}

/* Folds batch normalisation: multiplies the layer's kernel by the scale of each channel and writes
 * the result to kernel. The folded bias is the shift plus the layer's bias times the scale. */
static void fold(const struct cd_job *job, float *kernel)
{
    const size_t co = job->step->conv_layer.conv.co;
    const float *from = cd_job_weights(job, 0), *bias = cd_job_bias(job);
    float *scale = folded_memory(job), *shift = scale + co;

    cd_batch_norm_moving(job->run, job->step->folded, scale, shift);
    for (size_t i = 0; i < job->step->cut.kernel; i += co)
        for (size_t o = 0; o < co; o++)
            kernel[i + o] = from[i + o] * scale[o];
    for (size_t o = 0; bias && o < co; o++)
        shift[o] += bias[o] * scale[o];
}

static void prepare(const struct cd_job *job)
{
    const struct cd_step *step = job->step;
    float *to = cd_plan_memory(job->run->plan, step->prepared);
    const float *kernel = cd_job_weights(job, 0);

    if (step->folded) {
        float *folded_kernel =
            to ? job->scratch : folded_memory(job) + 2 * step->conv_layer.conv.co;
        fold(job, folded_kernel);
        kernel = folded_kernel;
    }
    if (to)
        step->algorithm->prepare(&step->conv_layer, CD_CONV_FORWARD, kernel, to);
}

/* ---- forward pass ---- */

/* What the work items of a forward pass share. */
struct forward {
    const struct cd_job *job;
    const float *kernel; /* the kernel in the algorithm's layout */
    const float *bias;   /* the bias, or NULL if there is none */
    char *kept;          /* receives data for the backward pass, or NULL */
    size_t kept_bytes;   /* bytes of kept for one image */
    size_t groups;       /* number of groups of images */
    size_t ranges;       /* number of ranges of channel blocks */
};

static struct forward make_forward(const struct cd_job *job)
{
    const struct cd_step *step = job->step;
    const struct cd_plan *plan = job->run->plan;
    const float *prepared_kernel = cd_plan_memory(plan, step->prepared);
    struct forward work = {
        .job = job,
        .kernel = cd_job_weights(job, 0),
        .bias = cd_job_bias(job),
        .kept = job->run->training ? (char *)job->kept : NULL,
        .kept_bytes = step->algorithm->kept(&step->conv_layer),
        .groups = cd_conv_cut_groups(&step->cut.forward, job->run->n),
    };

    if (step->folded) {
        work.bias = folded_memory(job) + step->conv_layer.conv.co;
        work.kernel = work.bias + step->conv_layer.conv.co;
    }
    if (prepared_kernel)
        work.kernel = prepared_kernel;
    work.ranges =
        cd_conv_cut_channels(&step->cut, work.groups * step->cut.forward.items, plan->threads);
    return work;
}

static void forward_item(void *argument, size_t index, size_t worker)
{
    const struct forward *work = argument;
    const struct cd_job *job = work->job;
    const struct cd_step *step = job->step;
    const struct cd_conv_cut *cut = &step->cut;
    const size_t range = index % work->ranges, blocks = cut->channel_blocks;
    struct cd_conv_place place =
        cd_conv_cut_at(&cut->forward, job->run->n, work->groups, index / work->ranges);

    /* Rounding up makes the last range the largest. */
    place.item.first_block = cd_divide_up(blocks * range, work->ranges);
    place.item.last_block = cd_divide_up(blocks * (range + 1), work->ranges);
    step->algorithm->forward(&step->conv_layer, &place.item, job->in + place.image * job->in_size,
                             work->kernel, work->bias, job->out + place.image * job->out_size,
                             work->kept ? work->kept + place.image * work->kept_bytes : NULL,
                             job->scratch ? job->scratch + worker * cut->scratch_forward : NULL);
}

/* In training the weights change before every run, so the kernel is prepared here. A plan for
 * prediction has prepared its kernels before the run. */
static void forward(struct cd_job *job)
{
    if (job->run->plan->training)
        prepare(job);
    struct forward work = make_forward(job);
    cd_parallel_for(job->run->plan->context,
                    work.groups * job->step->cut.forward.items * work.ranges, forward_item, &work);
}

const struct cd_layer cd_layer_conv2d = {
    .fuse = fuse,
    .choose = choose,
    .kept = kept,
    .scratch = scratch,
    .scratch_backward = cd_conv_backward_scratch,
    .prepared = prepared,
    .folded = folded,
    .reads_input = cd_step_is_trained,
    .reads_output = reads_output,
    .adds_gradient = 1,
    .temporary = cd_conv_backward_temporary,
    .prepare = prepare,
    .forward = forward,
    .backward = cd_conv_backward,
};

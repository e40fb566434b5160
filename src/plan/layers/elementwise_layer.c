/* SPDX-License-Identifier: MIT
 *
 * Elementwise layers: activation, addition and dropout. A work item is an image. The gradient of an
 * input may use the memory of dy. Input and flatten are here too, although they have no step. */
#include "plan/fuse.h"
#include "plan/layers/layers.h"

static int passes_gradient(const struct cd_step *step, size_t k)
{
    (void)step;
    (void)k;
    return 1;
}

/* ---- activation ---- */

static void activation_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t c = job->step->node->shape.c;

    (void)worker;
    cd_job_kernels(job)->activation_forward(job->step->activation, job->out_size / c, c, NULL,
                                            job->in + image * job->in_size,
                                            job->out + image * job->out_size);
}

static void activation_forward(struct cd_job *job)
{
    cd_job_each(job, job->run->n, activation_item);
}

static void activation_backward(struct cd_job *job)
{
    if (job->dx)
        cd_job_undo_activation(job, job->dx);
}

/* ---- addition ---- */

static void fuse_into_add(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step)
{
    cd_fuse_activation(plan, needed, CNN_ACTIVATION_NONE, step);
}

static void add_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->add_activated(job->step->activation, job->out_size, job->in + at,
                                       job->in2 + at, job->out + at);
}

static void add_forward(struct cd_job *job)
{
    cd_job_each(job, job->run->n, add_item);
}

static void add_backward(struct cd_job *job)
{
    cd_job_undo_activation(job, job->dy);
    for (size_t k = 0; k < 2; k++)
        cd_job_pass_gradient(job, k);
}

/* ---- dropout ---- */

/* Dropout drops nothing in prediction and in a frozen layer, so it needs no step there. */
static int dropout_shares_input(const struct cd_plan *plan, size_t index)
{
    return !plan->training || index < plan->frozen_nodes;
}

static void dropout_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = image * job->out_size;
    const float rate = job->run->training ? job->step->node->rate : 0.0f;

    (void)worker;
    cd_job_kernels(job)->dropout(job->out_size, cd_job_dropout_key(job), at, rate, job->in + at,
                                 job->out + at);
}

static void dropout_forward(struct cd_job *job)
{
    cd_job_each(job, job->run->n, dropout_item);
}

/* Drops the gradients of the activations that the forward pass dropped: the key is the same. */
static void dropout_backward_item(void *argument, size_t image, size_t worker)
{
    const struct cd_job *job = argument;
    const size_t at = image * job->out_size;

    (void)worker;
    cd_job_kernels(job)->dropout(job->out_size, cd_job_dropout_key(job), at, job->step->node->rate,
                                 job->dy + at, job->dx + at);
}

static void dropout_backward(struct cd_job *job)
{
    if (job->dx)
        cd_job_each(job, job->run->n, dropout_backward_item);
}

/* ---- flatten ---- */

static int flatten_shares_input(const struct cd_plan *plan, size_t index)
{
    (void)plan;
    (void)index;
    return 1;
}

/* ---- the layer kinds ---- */

const struct cd_layer cd_layer_activation = {
    .reads_output = cd_step_has_activation,
    .passes_gradient = passes_gradient,
    .forward = activation_forward,
    .backward = activation_backward,
};

const struct cd_layer cd_layer_add = {
    .fuse = fuse_into_add,
    .reads_output = cd_step_has_activation,
    .passes_gradient = passes_gradient,
    .adds_gradient = 1,
    .forward = add_forward,
    .backward = add_backward,
};

const struct cd_layer cd_layer_dropout = {
    .shares_input = dropout_shares_input,
    .passes_gradient = passes_gradient,
    .forward = dropout_forward,
    .backward = dropout_backward,
};

/* Flatten has no step: it shares the activations of its input. */
const struct cd_layer cd_layer_flatten = {.shares_input = flatten_shares_input};

/* The input has no step: its activations are the caller's images. */
const struct cd_layer cd_layer_input = {0};

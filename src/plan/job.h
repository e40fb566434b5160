/* SPDX-License-Identifier: MIT
 *
 * A job: one step of a run, as its work items see it. What layers share while they run. */
#ifndef CD_PLAN_JOB_H
#define CD_PLAN_JOB_H

#include "core/pool.h"
#include "plan/step.h"

struct cd_job {
    const struct cd_run *run;
    const struct cd_step *step;
    const float *in, *in2; /* values of the inputs; in2 is NULL without a second input */
    float *out;            /* values of the output */
    float *dy;        /* backward: gradient by the output, then by what enters the activation */
    float *dx;        /* backward: receives the gradient by in; may be dy; NULL: not wanted */
    float *temporary; /* backward: memory for a gradient before it is added */
    float *scratch, *kept;    /* scratch of this direction */
    size_t in_size, out_size; /* floats of one image */
};

/* Make a job of the forward pass, and a job of the backward pass. */
struct cd_job cd_job_forward(const struct cd_run *run, const struct cd_step *step);
struct cd_job cd_job_backward(const struct cd_run *run, const struct cd_step *step);

const struct cd_kernels *cd_job_kernels(const struct cd_job *job);

/* Parameter number which (0: the first) of the step's node: its values, its gradient. */
const float *cd_job_weights(const struct cd_job *job, size_t which);
float *cd_job_gradients(const struct cd_job *job, size_t which);

/* Bias of a convolution or dense layer; NULL if it has none. */
const float *cd_job_bias(const struct cd_job *job);

/* Key of the random numbers of a dropout step. */
uint64_t cd_job_dropout_key(const struct cd_job *job);

/* Runs work items 0 .. items-1 on the context's threads, with the job as their argument. */
void cd_job_each(struct cd_job *job, size_t items, cd_task_fn item);

/* The activation whose derivative is still missing in dy. It is none if the caller's dy is already
 * the gradient by what enters the network's last activation. */
struct cd_activation cd_job_pending_activation(const struct cd_job *job);

/* Backward: multiplies dy by the derivative of the pending activation, into to (dy or dx). */
void cd_job_undo_activation(struct cd_job *job, float *to);

/* Backward: dy is the gradient by input k. Copies it to its place if it is not there yet, or adds
 * it to what other steps have written. */
void cd_job_pass_gradient(struct cd_job *job, size_t k);

/* Backward: adds dx to the gradient that other steps have written for input 0. */
void cd_job_add_gradient(const struct cd_job *job);

/* Functions for the rows of several layers (layers.h). Backward reads the input if the step is
 * trained, and the output if the step has an activation. */
int cd_step_is_trained(const struct cd_step *step);
int cd_step_has_activation(const struct cd_step *step);

#endif

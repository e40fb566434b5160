/* SPDX-License-Identifier: MIT
 *
 * A job: one step of a run, with pointers to its data. The work items of the step share it. The
 * functions below are for all layer kinds. */
#ifndef CD_PLAN_JOB_H
#define CD_PLAN_JOB_H

#include "core/pool.h"
#include "plan/step.h"

struct cd_job {
    const struct cd_run *run;
    const struct cd_step *step;
    const float *in, *in2; /* input activations; in2 is NULL if there is no second input */
    float *out;            /* output activations */
    float *dy;        /* backward pass: gradient of the output, later of the activation's input */
    float *dx;        /* backward pass: gradient of in to compute; may be dy; NULL if not needed */
    float *temporary; /* backward pass: memory for a gradient that is added to another one */
    float *scratch;   /* memory for this pass */
    float *kept;      /* data that the forward pass keeps for the backward pass */
    size_t in_size, out_size; /* floats in in and in out for one image */
};

/* Create the job of a step's forward pass or of its backward pass. */
struct cd_job cd_job_forward(const struct cd_run *run, const struct cd_step *step);
struct cd_job cd_job_backward(const struct cd_run *run, const struct cd_step *step);

const struct cd_kernels *cd_job_kernels(const struct cd_job *job);

/* Return the weights and the gradient of parameter number `which` of the step's node, from 0. */
const float *cd_job_weights(const struct cd_job *job, size_t which);
float *cd_job_gradients(const struct cd_job *job, size_t which);

/* Returns the bias of a convolution or dense layer, or NULL if it has none. */
const float *cd_job_bias(const struct cd_job *job);

/* Returns the key of a dropout step's random numbers. */
uint64_t cd_job_dropout_key(const struct cd_job *job);

/* Runs work items 0 .. items-1 on the context's threads. Each gets the job as its argument. */
void cd_job_each(struct cd_job *job, size_t items, cd_task_fn item);

/* Returns the activation whose derivative dy must still be multiplied by. This is the step's own
 * activation. It is none for the network's output if cd_plan_backward was called with
 * before_activation. */
struct cd_activation cd_job_pending_activation(const struct cd_job *job);

/* Multiplies dy by the derivative of the pending activation. The result goes to `to`: dy or dx. */
void cd_job_undo_activation(struct cd_job *job, float *to);

/* Uses dy as the gradient of input k. If other steps have written that gradient before, adds dy to
 * it. Otherwise copies dy, unless the two gradients share memory. */
void cd_job_pass_gradient(struct cd_job *job, size_t k);

/* Adds dx to the gradient of input 0, which other steps have written before. */
void cd_job_add_gradient(const struct cd_job *job);

/* Implementations of reads_input and reads_output (layers.h). The backward pass needs the input
 * only if the step is trained, and the output only if the step has an activation. */
int cd_step_is_trained(const struct cd_step *step);
int cd_step_has_activation(const struct cd_step *step);

#endif

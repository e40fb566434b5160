/* SPDX-License-Identifier: MIT
 *
 * What the tasks of one step of a run share, forward and backward. */
#ifndef CD_PLAN_JOB_H
#define CD_PLAN_JOB_H

#include "core/pool.h"
#include "plan/step.h"

struct cd_job {
    const struct cd_run *run;
    const struct cd_step *step;
    const float *in, *in2; /* values of its inputs; NULL without a second */
    float *out;            /* values of its output */
    float *dy; /* backward: gradient by the output, then by what enters its activation */
    float *dx; /* backward: where the gradient by in goes, may be dy; NULL if nobody asks */
    float *temporary; /* backward of a convolution: see cd_conv_step_temporary */
    float *scratch, *kept;    /* scratch of this direction */
    size_t in_size, out_size; /* floats of one picture */
};

/* For the forward direction; backward adds dy, dx and its own scratch. */
struct cd_job cd_job_make(const struct cd_run *run, const struct cd_step *step);

const struct cd_kernels *cd_job_kernels(const struct cd_job *job);

/* Parameter number which (0: the first) of the step's node: its values, its gradient. */
const float *cd_job_weights(const struct cd_job *job, size_t which);
float *cd_job_gradients(const struct cd_job *job, size_t which);

/* Bias of a convolution or dense layer; NULL if it has none. */
const float *cd_job_bias(const struct cd_job *job);

/* The activation whose derivative dy lacks: the step's, unless the caller's gradient is already
 * that by what enters it. */
struct cd_activation cd_job_activation_behind(const struct cd_job *job);

/* Backward: dy becomes the gradient by what enters the activation. */
void cd_job_undo_activation(struct cd_job *job);

/* Backward of an addition: dy is the gradient by input k. */
void cd_job_pass_on(struct cd_job *job, size_t k);

void cd_conv_forward(struct cd_job *job);
void cd_conv_backward(struct cd_job *job);

/* The stream of a dropout's step. */
uint64_t cd_job_dropout_key(const struct cd_job *job);

/* Runs the tasks on the context's threads, with the job as their argument. */
void cd_job_each(struct cd_job *job, size_t tasks, cd_task_fn task);

/* dense_layer.c. Floats of scratch of a dense layer's step. */
size_t cd_dense_scratch(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_dense_scratch_backward(const struct cd_plan *plan, const struct cd_step *step);
void cd_dense_forward(struct cd_job *job);
void cd_dense_backward(struct cd_job *job);

/* batch_norm_layer.c. Floats of scratch of a batch normalisation's step, and what it keeps. */
size_t cd_batch_norm_scratch(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_batch_norm_kept(const struct cd_step *step);
size_t cd_batch_norm_scratch_backward(const struct cd_plan *plan, const struct cd_step *step);
void cd_batch_norm_forward(struct cd_job *job);
void cd_batch_norm_backward(struct cd_job *job);

/* As factor and summand of each channel, with the moving statistics. */
void cd_batch_norm_moving(const struct cd_run *run, const struct cd_node *node, float *scale,
                          float *shift);

#endif

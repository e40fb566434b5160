/* SPDX-License-Identifier: MIT */
#include "plan/job.h"

#include "core/random.h"

struct cd_job cd_job_make(const struct cd_run *run, const struct cd_step *step)
{
    const struct cd_conv *conv = &step->conv;
    const struct cd_shape out = run->plan->graph->nodes[step->out].shape;
    return (struct cd_job){
        .run = run,
        .step = step,
        .in = cd_run_values(run, step->in[0]),
        .in2 = step->n_in > 1 ? cd_run_values(run, step->in[1]) : NULL,
        .out = cd_run_values(run, step->out),
        .scratch = cd_plan_memory(run->plan, step->scratch),
        .kept = cd_plan_memory(run->plan, step->kept),
        .in_size = conv->h * conv->w * conv->ci,
        .out_size = out.h * out.w * out.c,
    };
}

const struct cd_kernels *cd_job_kernels(const struct cd_job *job)
{
    return job->run->plan->kernels;
}

const float *cd_job_weights(const struct cd_job *job, size_t which)
{
    return job->run->weights + cd_step_param(job->run->plan, job->step, which)->offset;
}

float *cd_job_gradients(const struct cd_job *job, size_t which)
{
    const struct cd_plan *plan = job->run->plan;
    const struct cd_param *param = cd_step_param(plan, job->step, which);

    return job->run->gradients + (job->run->adam ? plan->gradient_at[param - plan->graph->params]
                                                 : param->offset - plan->frozen_weights);
}

const float *cd_job_bias(const struct cd_job *job)
{
    return job->step->node->bias ? cd_job_weights(job, 1) : NULL;
}

uint64_t cd_job_dropout_key(const struct cd_job *job)
{
    return cd_random_key(job->run->seed, CD_STREAM_DROPOUT, job->step->index, job->run->step);
}

void cd_job_each(struct cd_job *job, size_t tasks, cd_task_fn task)
{
    cd_parallel_for(job->run->plan->context, tasks, task, job);
}

/* SPDX-License-Identifier: MIT
 *
 * Runs a plan: the steps in order in the forward pass, in reverse order in the backward pass. */
#include "core/clock.h"
#include "plan/job.h"
#include "plan/layers/layers.h"

/* ---- steps ---- */

static void step_forward(const struct cd_run *run, size_t s)
{
    const struct cd_plan *plan = run->plan;
    const struct cd_step *step = &plan->steps[s];
    const double start = plan->times ? cd_clock_seconds() : 0.0;
    struct cd_job job = cd_job_forward(run, step);

    step->layer->forward(&job);
    if (plan->times)
        plan->times[s].forward = cd_clock_seconds() - start;
}

/* Runs the backward pass of step s, if it has one, and measures its time if times are wanted. */
static void step_backward(const struct cd_run *run, size_t s)
{
    const struct cd_plan *plan = run->plan;
    const struct cd_step *step = &plan->steps[s];
    const double start = plan->times ? cd_clock_seconds() : 0.0;

    if (step->backward) {
        struct cd_job job = cd_job_backward(run, step);
        step->layer->backward(&job);
        if (step->adds_dx[0] && !step->layer->adds_gradient)
            cd_job_add_gradient(&job);
    }
    if (plan->times)
        plan->times[s].backward = cd_clock_seconds() - start;
}

/* ---- forward pass ---- */

static const float *run_forward(const struct cd_run *run)
{
    const struct cd_plan *plan = run->plan;

    plan->kernels->enter();
    for (size_t s = 0; s < plan->n_steps; s++)
        step_forward(run, s);
    plan->kernels->leave();
    return cd_run_activations(run, plan->graph->n_nodes - 1);
}

static void prepare_steps(const struct cd_run *run)
{
    const struct cd_plan *plan = run->plan;

    for (size_t s = 0; s < plan->n_steps; s++) {
        const struct cd_step *step = &plan->steps[s];
        const struct cd_job job = cd_job_forward(run, step);
        if (step->layer->prepare)
            step->layer->prepare(&job);
    }
}

/* Prepares the kernels, unless this plan or another plan that shares them has already done so for
 * this version of the weights. If several threads need them at the same time, one prepares and the
 * others wait. */
static void prepare(const struct cd_run *run)
{
    const struct cd_plan *plan = run->plan;
    struct cd_prepared *prepared = plan->prepared;

    if (atomic_load_explicit(&prepared->version, memory_order_acquire) == plan->version)
        return;
    cd_process_lock_take(&prepared->lock);
    if (atomic_load_explicit(&prepared->version, memory_order_relaxed) != plan->version) {
        prepare_steps(run);
        atomic_store_explicit(&prepared->version, plan->version, memory_order_release);
    }
    cd_process_lock_give(&prepared->lock);
}

const float *cd_plan_predict(struct cd_plan *plan, const float *weights, const float *statistics,
                             const float *x, size_t n)
{
    const struct cd_run run = {.plan = plan,
                               .weights = weights,
                               .x = x,
                               .n = n,
                               .statistics = (float *)(uintptr_t)statistics}; /* only read */

    if (plan->prepared)
        prepare(&run);
    return run_forward(&run);
}

void cd_plan_set_weights_version(struct cd_plan *plan, uint64_t version)
{
    plan->version = version;
}

const float *cd_plan_forward(struct cd_plan *plan, const float *weights, float *statistics,
                             const float *x, size_t n, uint64_t seed, uint64_t step)
{
    const struct cd_run run = {.plan = plan,
                               .weights = weights,
                               .statistics = statistics,
                               .x = x,
                               .n = n,
                               .training = 1,
                               .seed = seed,
                               .step = step};

    plan->last_run = run;
    return run_forward(&run);
}

/* ---- backward pass ---- */

/* Runs the backward pass. adam: NULL to store every gradient and update nothing. */
static void run_backward(struct cd_plan *plan, const float *weights,
                         const struct cd_plan_adam *adam, float *dy, int before_activation,
                         float *gradients)
{
    struct cd_run run = plan->last_run;

    run.weights = weights;
    run.adam = adam;
    run.dy = dy;
    run.before_activation = before_activation;
    run.gradients = gradients;
    plan->last_run.dy = dy;
    plan->kernels->enter();
    for (size_t s = plan->n_steps; s-- > 0;)
        step_backward(&run, s);
    plan->kernels->leave();
}

void cd_plan_backward(struct cd_plan *plan, const float *weights, float *dy, int before_activation,
                      float *gradients)
{
    run_backward(plan, weights, NULL, dy, before_activation, gradients);
}

void cd_plan_backward_adam(struct cd_plan *plan, const struct cd_plan_adam *adam, float *dy,
                           int before_activation, float *gradients)
{
    run_backward(plan, adam->weights, adam, dy, before_activation, gradients);
}

const float *cd_plan_watched_activations(const struct cd_plan *plan)
{
    return plan->watched == plan->graph->n_nodes
               ? NULL
               : cd_run_activations(&plan->last_run, plan->watched);
}

const float *cd_plan_watched_gradient(const struct cd_plan *plan)
{
    return plan->watched == plan->graph->n_nodes ? NULL
                                                 : cd_run_gradient(&plan->last_run, plan->watched);
}

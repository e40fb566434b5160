/* SPDX-License-Identifier: MIT */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"
#include "train/clip.h"

/* Weights in a block: few enough to balance the load of the threads, and enough to outweigh the
 * cost of starting a task. */
enum { BLOCK = 16384 };

/* ---- blocks ---- */

/* Returns the index of a parameter's first gradient, or CD_PLAN_NO_GRADIENT if cd_optimizer_step
 * does not update the parameter. */
static size_t gradient_at(const cnn_graph_t *graph, const struct cd_plan *plan,
                          const struct cd_optimizer *optimizer, size_t index)
{
    const struct cd_param *param = &graph->params[index];

    if (optimizer->fused)
        return cd_plan_gradient_at(plan, index);
    return param->trainable && param->offset >= optimizer->frozen
               ? param->offset - optimizer->frozen
               : CD_PLAN_NO_GRADIENT;
}

static void add_blocks(const struct cd_param *param, size_t gradient,
                       struct cd_optimizer *optimizer)
{
    for (size_t i = 0; i < param->count; i += BLOCK)
        optimizer->blocks[optimizer->n_blocks++] = (struct cd_optimizer_block){
            .first = param->offset - optimizer->frozen + i,
            .count = param->count - i < BLOCK ? param->count - i : BLOCK,
            .gradient = gradient + i,
            .decays = param->role == CD_PARAM_KERNEL,
        };
}

static cnn_status_t make_blocks(const cnn_graph_t *graph, const struct cd_plan *plan,
                                struct cd_optimizer *optimizer)
{
    size_t n = 0;

    for (size_t i = 0; i < graph->n_params; i++)
        n += cd_divide_up(graph->params[i].count, BLOCK);
    optimizer->blocks = cd_alloc(graph->context, n, sizeof *optimizer->blocks);
    if (!optimizer->blocks)
        return cd_error_memory();
    for (size_t i = 0; i < graph->n_params; i++) {
        const size_t gradient = gradient_at(graph, plan, optimizer, i);
        if (gradient != CD_PLAN_NO_GRADIENT)
            add_blocks(&graph->params[i], gradient, optimizer);
    }
    return CNN_OK;
}

/* ---- making and releasing ---- */

static cnn_status_t make_state(struct cd_optimizer *optimizer)
{
    const int clips = optimizer->options.clip_norm > 0;

    for (size_t i = 0; i < cd_optimizer_moments(optimizer->rule); i++) {
        optimizer->moments[i] = cd_alloc(optimizer->context, optimizer->size, sizeof(float));
        if (!optimizer->moments[i])
            return cd_error_memory();
    }
    if (clips)
        optimizer->squares =
            cd_alloc(optimizer->context, optimizer->n_blocks, sizeof *optimizer->squares);
    return clips && !optimizer->squares ? cd_error_memory() : CNN_OK;
}

int cd_optimizer_fuses(const cnn_train_options_t *options)
{
    return cd_optimizer_rule(options->optimizer)->backward && !(options->clip_norm > 0);
}

cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const struct cd_plan *plan,
                               const cnn_train_options_t *options, struct cd_optimizer *optimizer)
{
    const struct cd_optimizer_rule *rule = cd_optimizer_rule(options->optimizer);
    const size_t frozen = plan ? cd_plan_frozen_weights(plan) : 0;
    const size_t size = graph->trainable_size - frozen;
    const int fused = plan && cd_optimizer_fuses(options);
    cnn_status_t rc;

    *optimizer = (struct cd_optimizer){
        .context = graph->context,
        .rule = rule,
        .options = *options,
        .fused = fused,
        .frozen = frozen,
        .size = size,
        .gradients = fused ? cd_plan_gradients(plan) : size,
    };
    CD_TRY_FAIL(make_blocks(graph, plan, optimizer));
    CD_TRY_FAIL(make_state(optimizer));
    return CNN_OK;
fail:
    cd_optimizer_release(optimizer);
    return rc;
}

void cd_optimizer_release(struct cd_optimizer *optimizer)
{
    if (!optimizer->context)
        return;
    cd_free(optimizer->context, optimizer->blocks);
    for (size_t i = 0; i < CD_OPTIMIZER_MOMENTS; i++)
        cd_free(optimizer->context, optimizer->moments[i]);
    cd_free(optimizer->context, optimizer->squares);
    memset(optimizer, 0, sizeof *optimizer);
}

/* ---- a step ---- */

struct job {
    const struct cd_optimizer *optimizer;
    struct cd_optimizer_step step;
    float *gradients, *weights;
    float scale; /* factor that clips the gradients; 1: not clipped */
};

static struct cd_optimizer_step step_of(const struct cd_optimizer *optimizer, uint64_t number,
                                        double rate)
{
    return (struct cd_optimizer_step){.kernels = optimizer->context->kernels,
                                      .options = &optimizer->options,
                                      .number = number,
                                      .rate = rate};
}

static void update_block(void *argument, size_t task, size_t worker)
{
    const struct job *job = argument;
    const struct cd_optimizer *optimizer = job->optimizer;
    const struct cd_optimizer_block *block = &optimizer->blocks[task];
    float *gradients = job->gradients + block->gradient;
    struct cd_weight_run run = {
        .count = block->count,
        .decays = block->decays,
        .gradients = gradients,
        .weights = job->weights + optimizer->frozen + block->first,
    };

    (void)worker;
    for (size_t i = 0; i < CD_OPTIMIZER_MOMENTS && optimizer->moments[i]; i++)
        run.moments[i] = optimizer->moments[i] + block->first;
    if (job->scale != 1)
        cd_clip_scale(job->scale, gradients, block->count);
    optimizer->rule->update(&job->step, &run);
}

static void square_block(void *argument, size_t task, size_t worker)
{
    const struct job *job = argument;
    const struct cd_optimizer_block *block = &job->optimizer->blocks[task];

    (void)worker;
    job->optimizer->squares[task] =
        cd_clip_squares(job->gradients + block->gradient, block->count);
}

/* Returns the factor that reduces the norm of all gradients to clip_norm, or 1 if the norm is not
 * larger. The sums of the blocks are added in the order of the blocks. A norm of NaN gives the
 * factor 1; the weights then become NaN, and the training detects that. */
static float clip_scale(struct job *job)
{
    const struct cd_optimizer *optimizer = job->optimizer;
    const double limit = (double)optimizer->options.clip_norm;
    double sum = 0;

    if (!(limit > 0))
        return 1;
    cd_parallel_for(optimizer->context, optimizer->n_blocks, square_block, job);
    for (size_t i = 0; i < optimizer->n_blocks; i++)
        sum += optimizer->squares[i];
    const double norm = sqrt(sum);
    return norm > limit ? (float)(limit / norm) : 1;
}

void cd_optimizer_backward(const struct cd_optimizer *optimizer, uint64_t number, double rate,
                           const struct cd_backward_pass *pass)
{
    const struct cd_optimizer_step step = step_of(optimizer, number, rate);

    if (optimizer->fused)
        optimizer->rule->backward(&step, pass, optimizer->moments);
    else
        cd_plan_backward(pass->plan, pass->weights, pass->dy, pass->before_activation,
                         pass->gradients);
}

void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t number, double rate,
                       float *gradients, float *weights)
{
    struct job job = {
        .optimizer = optimizer,
        .step = step_of(optimizer, number, rate),
        .gradients = gradients,
        .weights = weights,
    };

    job.scale = clip_scale(&job);
    cd_parallel_for(optimizer->context, optimizer->n_blocks, update_block, &job);
}

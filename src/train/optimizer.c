/* SPDX-License-Identifier: MIT */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"
#include "kernels/kernels.h"
#include "train/clip.h"

/* Weights a task moves: small enough to share out, large enough to be worth a task. */
enum { BLOCK = 16384 };

/* Where the gradient of parameter number index lies; CD_PLAN_NO_GRADIENT: not moved here. */
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

static size_t blocks_of(const struct cd_param *param)
{
    return cd_divide_up(param->count, BLOCK);
}

static void cut_param(const struct cd_param *param, size_t gradient, struct cd_optimizer *optimizer)
{
    for (size_t i = 0; i < param->count; i += BLOCK)
        optimizer->blocks[optimizer->n_blocks++] = (struct cd_optimizer_block){
            .first = param->offset - optimizer->frozen + i,
            .count = param->count - i < BLOCK ? param->count - i : BLOCK,
            .gradient = gradient + i,
            .decays = param->role == CD_PARAM_KERNEL,
        };
}

static cnn_status_t cut(const cnn_graph_t *graph, const struct cd_plan *plan,
                        struct cd_optimizer *optimizer)
{
    size_t n = 0;

    for (size_t i = 0; i < graph->n_params; i++)
        n += blocks_of(&graph->params[i]);
    optimizer->blocks = cd_alloc(graph->context, n, sizeof *optimizer->blocks);
    if (!optimizer->blocks)
        return cd_error_memory(graph->context);
    for (size_t i = 0; i < graph->n_params; i++) {
        const size_t gradient = gradient_at(graph, plan, optimizer, i);
        if (gradient != CD_PLAN_NO_GRADIENT)
            cut_param(&graph->params[i], gradient, optimizer);
    }
    return CNN_OK;
}

cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const struct cd_plan *plan,
                               const cnn_train_options_t *options, struct cd_optimizer *optimizer)
{
    const size_t frozen = plan ? cd_plan_frozen_weights(plan) : 0;
    const size_t size = graph->trainable_size - frozen;
    const int fused = plan && options->optimizer == CNN_OPTIMIZER_ADAM && !(options->clip_norm > 0);
    cnn_status_t rc;

    *optimizer = (struct cd_optimizer){
        .context = graph->context,
        .kind = options->optimizer,
        .beta1 = options->beta1,
        .beta2 = options->beta2,
        .epsilon = options->epsilon,
        .momentum = options->momentum,
        .weight_decay = options->weight_decay,
        .clip_norm = options->clip_norm,
        .fused = fused,
        .frozen = frozen,
        .size = size,
        .gradients = fused ? cd_plan_gradients(plan) : size,
    };
    CD_TRY_FAIL(cut(graph, plan, optimizer));
    if (optimizer->kind == CNN_OPTIMIZER_ADAM)
        optimizer->m = cd_alloc(optimizer->context, optimizer->size, sizeof(float));
    optimizer->v = cd_alloc(optimizer->context, optimizer->size, sizeof(float));
    if (optimizer->clip_norm > 0)
        optimizer->squares =
            cd_alloc(optimizer->context, optimizer->n_blocks, sizeof *optimizer->squares);
    if (!optimizer->v || (optimizer->kind == CNN_OPTIMIZER_ADAM && !optimizer->m) ||
        (optimizer->clip_norm > 0 && !optimizer->squares)) {
        rc = cd_error_memory(optimizer->context);
        goto fail;
    }
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
    cd_free(optimizer->context, optimizer->m);
    cd_free(optimizer->context, optimizer->v);
    cd_free(optimizer->context, optimizer->squares);
    memset(optimizer, 0, sizeof *optimizer);
}

struct step {
    const struct cd_optimizer *optimizer;
    struct cd_adam adam; /* decay: of the blocks that decay */
    float *gradients, *weights;
    float scale; /* of the gradients */
};

static void step_block(void *argument, size_t task, size_t worker)
{
    const struct step *step = argument;
    const struct cd_optimizer *o = step->optimizer;
    const struct cd_optimizer_block *block = &o->blocks[task];
    const struct cd_kernels *kernels = o->context->kernels;
    float *g = step->gradients + block->gradient;
    float *w = step->weights + o->frozen + block->first, *v = o->v + block->first;
    struct cd_adam adam = step->adam;

    (void)worker;
    if (!block->decays)
        adam.decay = 0;
    if (step->scale != 1)
        cd_clip_scale(step->scale, g, block->count);
    if (o->kind == CNN_OPTIMIZER_ADAM)
        kernels->adam(&adam, block->count, g, w, o->m + block->first, v);
    else
        kernels->sgd(adam.rate, o->momentum, adam.decay, block->count, g, w, v);
}

static void square_block(void *argument, size_t task, size_t worker)
{
    const struct step *step = argument;
    const struct cd_optimizer_block *block = &step->optimizer->blocks[task];

    (void)worker;
    step->optimizer->squares[task] =
        cd_clip_squares(step->gradients + block->gradient, block->count);
}

/* What gradients are multiplied by so that their norm is at most clip_norm. The blocks' sums are
 * added in the blocks' order. A norm that is no number changes nothing: the weights will show
 * it. */
static float clip_scale(struct step *step)
{
    const struct cd_optimizer *o = step->optimizer;
    double sum = 0;

    if (!(o->clip_norm > 0))
        return 1;
    cd_parallel_for(o->context, o->n_blocks, square_block, step);
    for (size_t i = 0; i < o->n_blocks; i++)
        sum += o->squares[i];
    const double norm = sqrt(sum);
    return norm > (double)o->clip_norm ? (float)((double)o->clip_norm / norm) : 1;
}

struct cd_adam cd_optimizer_adam(const struct cd_optimizer *optimizer, uint64_t number, double rate)
{
    return (struct cd_adam){
        .rate = (float)rate,
        .beta1 = optimizer->beta1,
        .beta2 = optimizer->beta2,
        .epsilon = optimizer->epsilon,
        .decay = (float)(rate * (double)optimizer->weight_decay),
        .correction1 = (float)(1 - pow((double)optimizer->beta1, (double)number)),
        .correction2 = (float)(1 - pow((double)optimizer->beta2, (double)number)),
    };
}

void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t number, double rate,
                       float *gradients, float *weights)
{
    struct step step = {
        .optimizer = optimizer,
        .adam = cd_optimizer_adam(optimizer, number, rate),
        .gradients = gradients,
        .weights = weights,
    };
    step.scale = clip_scale(&step);
    cd_parallel_for(optimizer->context, optimizer->n_blocks, step_block, &step);
}

const char *cd_optimizer_name(cnn_optimizer_t kind)
{
    return kind == CNN_OPTIMIZER_SGD ? "sgd" : "adam";
}

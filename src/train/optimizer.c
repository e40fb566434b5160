/* SPDX-License-Identifier: MIT */
#include "train/optimizer.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "kernels/kernels.h"

/* Weights a task moves: small enough to share out, large enough to be worth a task. */
enum { BLOCK = 16384 };

static size_t blocks_of(const struct cd_param *param)
{
    return param->trainable ? (param->count + BLOCK - 1) / BLOCK : 0;
}

static void cut_param(const struct cd_param *param, struct cd_optimizer_block *blocks)
{
    for (size_t i = 0; i < blocks_of(param); i++) {
        size_t rest = param->count - i * BLOCK;
        blocks[i].first = param->offset + i * BLOCK;
        blocks[i].count = rest < BLOCK ? rest : BLOCK;
        blocks[i].decays = param->role == CD_PARAM_KERNEL;
    }
}

static cnn_status_t cut(const cnn_graph_t *graph, struct cd_optimizer *optimizer)
{
    size_t n = 0;

    for (size_t i = 0; i < graph->n_params; i++)
        n += blocks_of(&graph->params[i]);
    optimizer->blocks = cd_alloc(graph->context, n, sizeof *optimizer->blocks);
    if (!optimizer->blocks)
        return cd_error_memory(graph->context);
    for (size_t i = 0; i < graph->n_params; i++) {
        cut_param(&graph->params[i], optimizer->blocks + optimizer->n_blocks);
        optimizer->n_blocks += blocks_of(&graph->params[i]);
    }
    return CNN_OK;
}

cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const cnn_train_options_t *options,
                               struct cd_optimizer *optimizer)
{
    cnn_status_t rc;

    *optimizer = (struct cd_optimizer){
        .context = graph->context,
        .kind = options->optimizer,
        .beta1 = options->beta1,
        .beta2 = options->beta2,
        .epsilon = options->epsilon,
        .momentum = options->momentum,
        .weight_decay = options->weight_decay,
        .size = graph->trainable_size,
    };
    CD_TRY_FAIL(cut(graph, optimizer));
    if (optimizer->kind == CNN_OPTIMIZER_ADAM)
        optimizer->m = cd_alloc(optimizer->context, optimizer->size, sizeof(float));
    optimizer->v = cd_alloc(optimizer->context, optimizer->size, sizeof(float));
    if (!optimizer->v || (optimizer->kind == CNN_OPTIMIZER_ADAM && !optimizer->m)) {
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
    memset(optimizer, 0, sizeof *optimizer);
}

struct step {
    const struct cd_optimizer *optimizer;
    struct cd_adam adam; /* decay: of the blocks that decay */
    const float *gradients;
    float *weights;
};

static void step_block(void *argument, size_t task, size_t worker)
{
    const struct step *step = argument;
    const struct cd_optimizer *o = step->optimizer;
    const struct cd_optimizer_block *block = &o->blocks[task];
    const struct cd_kernels *kernels = o->context->kernels;
    const float *g = step->gradients + block->first;
    float *w = step->weights + block->first, *v = o->v + block->first;
    struct cd_adam adam = step->adam;

    (void)worker;
    if (!block->decays)
        adam.decay = 0;
    if (o->kind == CNN_OPTIMIZER_ADAM)
        kernels->adam(&adam, block->count, g, w, o->m + block->first, v);
    else
        kernels->sgd(adam.rate, o->momentum, adam.decay, block->count, g, w, v);
}

void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t number, double rate,
                       const float *gradients, float *weights)
{
    struct step step = {
        .optimizer = optimizer,
        .adam = {.rate = (float)rate,
                 .beta1 = optimizer->beta1,
                 .beta2 = optimizer->beta2,
                 .epsilon = optimizer->epsilon,
                 .decay = (float)(rate * (double)optimizer->weight_decay),
                 .correction1 = (float)(1 - pow((double)optimizer->beta1, (double)number)),
                 .correction2 = (float)(1 - pow((double)optimizer->beta2, (double)number))},
        .gradients = gradients,
        .weights = weights,
    };
    cd_parallel_for(optimizer->context, optimizer->n_blocks, step_block, &step);
}

const char *cd_optimizer_name(cnn_optimizer_t kind)
{
    return kind == CNN_OPTIMIZER_SGD ? "sgd" : "adam";
}

/* SPDX-License-Identifier: MIT
 *
 * Adam and SGD with momentum: the state of each weight, and a step over all of them that have not
 * been moved while their gradient was computed (cd_plan_backward_adam). */
#ifndef CD_TRAIN_OPTIMIZER_H
#define CD_TRAIN_OPTIMIZER_H

#include "plan/plan.h"

/* A run of weights that one task moves. Blocks do not depend on the number of threads. */
struct cd_optimizer_block {
    size_t first, count; /* among those that are not frozen */
    size_t gradient; /* where its gradients begin in their block */
    int decays; /* weight decay: kernels only */
};

struct cd_optimizer {
    cnn_context_t *context;
    cnn_optimizer_t kind;
    float beta1, beta2, epsilon, momentum, weight_decay;
    size_t frozen; /* the first weights, which are not moved; in floats */
    size_t size;   /* of the others; in floats */
    float *m; /* Adam's first moment; NULL for SGD. Laid out as these others */
    float *v; /* Adam's second moment; SGD's velocity */
    size_t gradients; /* floats of their block */
    int fused;        /* backward moves some of the weights (cd_plan_backward_adam) */
    float clip_norm;  /* 0: none */
    double *squares;  /* with clip_norm: of each block's gradients, their sum */
    struct cd_optimizer_block *blocks;
    size_t n_blocks;
};

/* options: complete. State of a training that has not begun. plan: says which weights are frozen
 * (NULL: none), moves some of the others in backward with Adam and lays out the gradients of the
 * rest. With NULL, SGD, or clip_norm, which has to know all gradients before the first weight is
 * moved: gradients of all weights that are not frozen, laid out as these. On failure nothing is
 * held. Errors: MEMORY. */
cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const struct cd_plan *plan,
                               const cnn_train_options_t *options, struct cd_optimizer *optimizer);

/* Copes with a zeroed one. */
void cd_optimizer_release(struct cd_optimizer *optimizer);

/* Adam's factors in step number step (from 1) for kernels, whose weights decay. */
struct cd_adam cd_optimizer_adam(const struct cd_optimizer *optimizer, uint64_t step, double rate);

/* Step number step (from 1) with the given learning rate. weights: the model's; gradients:
 * optimizer->gradients, clipped in place. */
void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t step, double rate,
                       float *gradients, float *weights);

/* "adam", "sgd". */
const char *cd_optimizer_name(cnn_optimizer_t kind);

#endif

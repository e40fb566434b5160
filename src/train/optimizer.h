/* SPDX-License-Identifier: MIT
 *
 * The optimizer of a training: the moments of every weight, and the step that updates all weights
 * by their gradients. The formulas are in train/optimizer_rules.h. */
#ifndef CD_TRAIN_OPTIMIZER_H
#define CD_TRAIN_OPTIMIZER_H

#include "train/optimizer_rules.h"

/* Weights that one task updates. Where a block begins and ends depends on the network alone, not on
 * the number of threads. */
struct cd_optimizer_block {
    size_t first, count; /* counted from the first weight that is not frozen */
    size_t gradient;     /* index of the first one's gradient */
    int decays;          /* 1: weight decay applies (kernels only) */
};

struct cd_optimizer {
    cnn_context_t *context;
    const struct cd_optimizer_rule *rule;
    cnn_train_options_t options; /* the hyperparameters */
    size_t frozen;               /* the frozen weights, which come first; in floats */
    size_t size;                 /* the trained weights; in floats */
    float *moments[CD_OPTIMIZER_MOMENTS]; /* size floats each; NULL if the rule has fewer */
    size_t gradients;                     /* floats of the block of gradients */
    int fused;       /* 1: backward updates the kernels of dense layers (rule->backward) */
    double *squares; /* one a block: the sum of its squared gradients; NULL without clip_norm */
    struct cd_optimizer_block *blocks;
    size_t n_blocks;
};

/* 1 if backward updates the kernels of dense layers in a training with a plan and these (complete)
 * options: the rule has a fused pass, and there is no clip_norm, because the norm of all gradients
 * must be known before the first weight changes. */
int cd_optimizer_fuses(const cnn_train_options_t *options);

/* Makes the state before the first step. options: complete; what they point to is not kept. plan:
 * says which weights are frozen and how the gradients are laid out; NULL: none is frozen and the
 * gradients are laid out as the weights. Gradients are also laid out as the weights that are not
 * frozen unless cd_optimizer_fuses. On failure nothing is held. Errors: MEMORY. */
cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const struct cd_plan *plan,
                               const cnn_train_options_t *options, struct cd_optimizer *optimizer);

/* Frees the buffers of an optimizer, which may be all zero. */
void cd_optimizer_release(struct cd_optimizer *optimizer);

/* Computes the gradients of step number `number` (from 1) after a forward pass of the plan. With a
 * fused pass it also updates the kernels of dense layers. */
void cd_optimizer_backward(const struct cd_optimizer *optimizer, uint64_t number, double rate,
                           const struct cd_backward_pass *pass);

/* Updates all weights that cd_optimizer_backward has not updated. The gradients are clipped in
 * place. */
void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t number, double rate,
                       float *gradients, float *weights);

#endif

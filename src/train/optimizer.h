/* SPDX-License-Identifier: MIT
 *
 * The optimizer of a training. It stores the moments of every weight, and updates all weights in
 * each step. The formulas are in train/optimizer_rules.h. */
#ifndef CD_TRAIN_OPTIMIZER_H
#define CD_TRAIN_OPTIMIZER_H

#include "train/optimizer_rules.h"

/* The weights that one task updates. The division into blocks depends on the network only, not on
 * the number of threads. */
struct cd_optimizer_block {
    size_t first, count; /* range of weights; index 0 is the first weight that is not frozen */
    size_t gradient;     /* index of the gradient of weight `first` */
    int decays;          /* 1: weight decay applies (kernels only) */
};

struct cd_optimizer {
    cnn_context_t *context;
    const struct cd_optimizer_rule *rule;
    cnn_train_options_t options; /* the hyperparameters */
    size_t frozen;               /* number of frozen weights, which come first */
    size_t size;                 /* number of trained weights */
    float *moments[CD_OPTIMIZER_MOMENTS]; /* `size` floats each; NULL if the rule has fewer */
    size_t gradients;                     /* number of floats in the gradient buffer */
    int fused;       /* 1: the backward pass updates the kernels of dense layers */
    double *squares; /* sum of the squared gradients of each block; NULL if not clipping */
    struct cd_optimizer_block *blocks;
    size_t n_blocks;
};

/* Returns 1 if the backward pass of a training with a plan updates the kernels of dense layers. It
 * does if the rule has a fused backward pass and clip_norm is not set: clipping needs the norm of
 * all gradients before the first weight changes. options: with all defaults filled in. */
int cd_optimizer_fuses(const cnn_train_options_t *options);

/* Creates the state before the first step. options: with all defaults filled in; the data that they
 * point to is not used later. plan: determines which weights are frozen and the layout of the
 * gradients; may be NULL. The gradients have the layout of the trained weights if plan is NULL or
 * cd_optimizer_fuses returns 0. On failure nothing needs to be released. Errors: MEMORY. */
cnn_status_t cd_optimizer_init(const cnn_graph_t *graph, const struct cd_plan *plan,
                               const cnn_train_options_t *options, struct cd_optimizer *optimizer);

/* Frees the buffers of an optimizer, which may be all zero. */
void cd_optimizer_release(struct cd_optimizer *optimizer);

/* Runs the backward pass of step number `number` (from 1) after a forward pass of the plan. If
 * optimizer->fused is 1, also updates the kernels of dense layers. */
void cd_optimizer_backward(const struct cd_optimizer *optimizer, uint64_t number, double rate,
                           const struct cd_backward_pass *pass);

/* Updates all weights that cd_optimizer_backward has not updated. Clips the gradients in place. */
void cd_optimizer_step(struct cd_optimizer *optimizer, uint64_t number, double rate,
                       float *gradients, float *weights);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The update rules of the optimizers: which moments an optimizer stores for every weight, and
 * how a step changes the weight. The rest of the library knows an optimizer only by its
 * cd_optimizer_rule. */
#ifndef CD_TRAIN_OPTIMIZER_RULES_H
#define CD_TRAIN_OPTIMIZER_RULES_H

#include "core/enum_names.h"
#include "plan/plan.h"

/* The largest number of moments that a rule stores, and of options that it reads. */
enum { CD_OPTIMIZER_MOMENTS = 2, CD_OPTIMIZER_FIELDS = 4 };

/* The parameters of a training step, which are the same for every weight. */
struct cd_optimizer_step {
    const struct cd_kernels *kernels;
    const cnn_train_options_t *options; /* with all defaults filled in */
    uint64_t number;                    /* counted from 1 */
    double rate;                        /* the learning rate of this step */
};

/* Consecutive weights of one parameter tensor. */
struct cd_weight_run {
    size_t count;
    int decays; /* 1: weight decay applies (kernels only) */
    const float *gradients;
    float *weights;
    float *moments[CD_OPTIMIZER_MOMENTS]; /* in the order of cd_optimizer_rule.moments */
};

/* The arguments of cd_plan_backward. */
struct cd_backward_pass {
    struct cd_plan *plan;
    float *weights; /* the model's weights */
    float *dy;
    int before_activation;
    float *gradients;
};

struct cd_optimizer_rule {
    const char *name;
    /* The names of the moments in a checkpoint. Each moment has one float for each weight. NULL
     * ends the list. */
    const char *moments[CD_OPTIMIZER_MOMENTS + 1];
    /* The fields of cnn_train_options_t that the rule reads besides learning_rate and
     * weight_decay; NULL ends the list. */
    const char *fields[CD_OPTIMIZER_FIELDS + 1];
    /* Updates weights and moments by one step. Several threads call it at once, for different
     * weights. */
    void (*update)(const struct cd_optimizer_step *step, const struct cd_weight_run *run);
    /* Runs the backward pass and updates the kernels of dense layers during it, so that their
     * gradients are never stored (cd_plan_backward_adam). moments[i]: the values of moment i; the
     * first one belongs to the first weight that is not frozen. NULL if the rule has no such fused
     * pass. */
    void (*backward)(const struct cd_optimizer_step *step, const struct cd_backward_pass *pass,
                     float *const *moments);
};

/* The names of the values of cnn_optimizer_t. */
extern const struct cd_enum_names cd_optimizer_names;

/* Returns the rule of an optimizer, or NULL if `optimizer` is not a value of cnn_optimizer_t. */
const struct cd_optimizer_rule *cd_optimizer_rule(cnn_optimizer_t optimizer);

size_t cd_optimizer_moments(const struct cd_optimizer_rule *rule);

/* Returns 1 if the rule reads the field of cnn_train_options_t with the name `field`. */
int cd_optimizer_reads(const struct cd_optimizer_rule *rule, const char *field);

#endif

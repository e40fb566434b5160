/* SPDX-License-Identifier: MIT
 *
 * The update rules: the moments that each optimizer keeps for every weight, and how one step
 * changes the weight. The row of an optimizer has all that the rest of the library needs to know
 * about it. */
#ifndef CD_TRAIN_OPTIMIZER_RULES_H
#define CD_TRAIN_OPTIMIZER_RULES_H

#include "core/enum_names.h"
#include "plan/plan.h"

/* The most moments that a rule keeps, and the most options that it reads. */
enum { CD_OPTIMIZER_MOMENTS = 2, CD_OPTIMIZER_FIELDS = 4 };

/* One step of a training, the same for every weight. */
struct cd_optimizer_step {
    const struct cd_kernels *kernels;
    const cnn_train_options_t *options; /* with all defaults filled in */
    uint64_t number;                    /* counted from 1 */
    double rate;                        /* the learning rate of this step */
};

/* Consecutive weights of one parameter. */
struct cd_weight_run {
    size_t count;
    int decays; /* 1: weight decay applies (kernels only) */
    const float *gradients;
    float *weights;
    float *moments[CD_OPTIMIZER_MOMENTS]; /* in the order of the rule's names */
};

/* A backward pass, as the parameters of cd_plan_backward. */
struct cd_backward_pass {
    struct cd_plan *plan;
    float *weights; /* the model's weights */
    float *dy;
    int before_activation;
    float *gradients;
};

struct cd_optimizer_rule {
    const char *name;
    /* The names of its moments in a checkpoint, one float for each weight; NULL ends the list. */
    const char *moments[CD_OPTIMIZER_MOMENTS + 1];
    /* The fields of cnn_train_options_t that the rule reads besides learning_rate and
     * weight_decay; NULL ends the list. */
    const char *fields[CD_OPTIMIZER_FIELDS + 1];
    /* Changes weights and moments by one step. Called by several threads on different weights. */
    void (*update)(const struct cd_optimizer_step *step, const struct cd_weight_run *run);
    /* Computes the gradients and updates the kernels of dense layers at once, so that their
     * gradients are never stored (cd_plan_backward_adam). moments: blocks that begin with the first
     * weight that is not frozen. NULL: the rule has no such pass. */
    void (*backward)(const struct cd_optimizer_step *step, const struct cd_backward_pass *pass,
                     float *const *moments);
};

/* The names of cnn_optimizer_t: the names of the rows. */
extern const struct cd_enum_names cd_optimizer_names;

/* Returns the rule of an optimizer; NULL if optimizer is not one of cnn_optimizer_t. */
const struct cd_optimizer_rule *cd_optimizer_rule(cnn_optimizer_t optimizer);

size_t cd_optimizer_moments(const struct cd_optimizer_rule *rule);

/* 1 if the rule reads the field of cnn_train_options_t with this name. */
int cd_optimizer_reads(const struct cd_optimizer_rule *rule, const char *field);

#endif

/* SPDX-License-Identifier: MIT */
#include "train/optimizer_rules.h"

#include <math.h>
#include <string.h>

/* Returns the fraction of a weight that weight decay subtracts in this step. */
static float decay_of(const struct cd_optimizer_step *step)
{
    return (float)(step->rate * (double)step->options->weight_decay);
}

/* ---- Adam (Kingma and Ba 2015), with decoupled weight decay (Loshchilov and Hutter 2019) ---- */

static struct cd_adam adam_constants(const struct cd_optimizer_step *step, int decays)
{
    const cnn_train_options_t *options = step->options;
    const double number = (double)step->number;

    return (struct cd_adam){
        .rate = (float)step->rate,
        .beta1 = options->beta1,
        .beta2 = options->beta2,
        .epsilon = options->epsilon,
        .decay = decays ? decay_of(step) : 0,
        .correction1 = (float)(1 - pow((double)options->beta1, number)),
        .correction2 = (float)(1 - pow((double)options->beta2, number)),
    };
}

static void adam_update(const struct cd_optimizer_step *step, const struct cd_weight_run *run)
{
    const struct cd_adam adam = adam_constants(step, run->decays);

    step->kernels->adam(&adam, run->count, run->gradients, run->weights, run->moments[0],
                        run->moments[1]);
}

static void adam_backward(const struct cd_optimizer_step *step, const struct cd_backward_pass *pass,
                          float *const *moments)
{
    const struct cd_plan_adam adam = {.adam = adam_constants(step, 1),
                                      .weights = pass->weights,
                                      .m = moments[0],
                                      .v = moments[1]};

    cd_plan_backward_adam(pass->plan, &adam, pass->dy, pass->before_activation, pass->gradients);
}

/* ---- SGD with momentum ---- */

static void sgd_update(const struct cd_optimizer_step *step, const struct cd_weight_run *run)
{
    step->kernels->sgd((float)step->rate, step->options->momentum, run->decays ? decay_of(step) : 0,
                       run->count, run->gradients, run->weights, run->moments[0]);
}

/* ---- the table ---- */

static const struct cd_optimizer_rule rules[] = {
    [CNN_OPTIMIZER_ADAM] = {.name = "adam",
                            .moments = {"optimizer_m", "optimizer_v"},
                            .fields = {"beta1", "beta2", "epsilon"},
                            .update = adam_update,
                            .backward = adam_backward},
    [CNN_OPTIMIZER_SGD] = {.name = "sgd",
                           .moments = {"optimizer_v"},
                           .fields = {"momentum"},
                           .update = sgd_update},
};

const struct cd_enum_names cd_optimizer_names = CD_ENUM_NAMES_OF_ROWS(rules, name);

const struct cd_optimizer_rule *cd_optimizer_rule(cnn_optimizer_t optimizer)
{
    const size_t index = (size_t)(int)optimizer; /* the caller may have set any number */

    return index < sizeof rules / sizeof *rules ? &rules[index] : NULL;
}

size_t cd_optimizer_moments(const struct cd_optimizer_rule *rule)
{
    size_t n = 0;

    while (rule->moments[n])
        n++;
    return n;
}

int cd_optimizer_reads(const struct cd_optimizer_rule *rule, const char *field)
{
    for (size_t i = 0; rule->fields[i]; i++)
        if (strcmp(rule->fields[i], field) == 0)
            return 1;
    return 0;
}

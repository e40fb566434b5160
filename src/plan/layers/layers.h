/* SPDX-License-Identifier: MIT
 *
 * How the plan runs each layer kind: one row of functions for each kind. graph/kinds.h defines the
 * kind itself: its settings, shape and parameters.
 *
 * A function that is NULL has the default that its comment names. Sizes are in floats. Functions
 * about sizes are called while a plan is made; they may depend on the plan's largest batch and its
 * threads, not on a run. */
#ifndef CD_PLAN_LAYERS_LAYERS_H
#define CD_PLAN_LAYERS_LAYERS_H

#include "plan/job.h"
#include "plan/step.h"

struct cd_layer {
    /* ---- making a plan ---- */

    /* Whether node number index shares its input's values and has no step. NULL: no. */
    int (*shares_input)(const struct cd_plan *plan, size_t index);

    /* Fuses what it can of the nodes behind the step (fuse.h). NULL: nothing. */
    void (*fuse)(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step);

    /* Selects the step's algorithm and cuts its work. choice: the caller's selection for the node;
     * NULL: by the cost model. NULL: there is one algorithm. */
    void (*choose)(const struct cd_plan *plan, unsigned char *needed,
                   const struct cd_conv_choice *choice, struct cd_step *step);

    /* ---- memory ---- */

    /* Size of the data that forward keeps for backward besides feature maps. NULL: 0. */
    size_t (*kept)(const struct cd_plan *plan, const struct cd_step *step);

    /* Scratch of the forward pass; of the backward pass. NULL: none. */
    size_t (*scratch)(const struct cd_plan *plan, const struct cd_step *step);
    size_t (*scratch_backward)(const struct cd_plan *plan, const struct cd_step *step);

    /* The kernel in the form that forward reads, and what batch normalisation folds to. Both stay
     * valid between the runs of a plan for prediction. NULL: none. */
    size_t (*prepared)(const struct cd_step *step);
    size_t (*folded)(const struct cd_step *step);

    /* Whether backward reads the values of the first input; of the output. NULL: no. */
    int (*reads_input)(const struct cd_step *step);
    int (*reads_output)(const struct cd_step *step);

    /* Whether the gradient by input k may overwrite the gradient by the output. NULL: no. */
    int (*passes_gradient)(const struct cd_step *step, size_t k);

    /* 1: backward itself adds to gradients that other steps have written. 0: backward writes the
     * gradient by the first input to job->dx, and the plan adds it. */
    int adds_gradient;

    /* Size of the buffer for the gradient by the first input, before it is added to what other
     * steps have written. NULL: the size of the gradient. */
    size_t (*temporary)(const struct cd_plan *plan, const struct cd_step *step);

    /* ---- running ---- */

    /* Fills prepared and folded. A plan for prediction calls it once for each version of the
     * weights. NULL: nothing to prepare. */
    void (*prepare)(const struct cd_job *job);

    void (*forward)(struct cd_job *job);

    /* job->dy becomes the gradient by what enters the step's activation. NULL: no backward pass. */
    void (*backward)(struct cd_job *job);

    /* Backward applies Adam to the kernel, its first parameter, without storing the gradient
     * (cd_plan_backward_adam). */
    int updates_kernel;
};

#define CD_LAYER_DECLARE(type, name) extern const struct cd_layer cd_layer_##name;
CD_KIND_LIST(CD_LAYER_DECLARE)

/* The row of a node's kind. */
const struct cd_layer *cd_layer_of(const struct cd_node *node);

#endif

/* SPDX-License-Identifier: MIT
 *
 * How a plan runs each layer kind: one struct cd_layer for each kind. Settings, shapes and
 * parameters of a kind are in graph/kinds.h.
 *
 * Functions may be NULL; the comment of each function says what that means. Sizes are in floats.
 * The functions that return sizes are called while a plan is created, so they may use the plan's
 * largest batch and its number of threads, but nothing that changes from run to run. */
#ifndef CD_PLAN_LAYERS_LAYERS_H
#define CD_PLAN_LAYERS_LAYERS_H

#include "plan/job.h"
#include "plan/step.h"

struct cd_layer {
    /* ---- creating a plan ---- */

    /* Returns 1 if node `index` shares the activations of its input and needs no step. NULL: 0. */
    int (*shares_input)(const struct cd_plan *plan, size_t index);

    /* Fuses the nodes that follow the step, if the layer can compute them (fuse.h). NULL: fuses
     * nothing. */
    void (*fuse)(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step);

    /* Selects the step's algorithm and divides its work. choice: the selection to use, or NULL for
     * the cost model's. NULL: the layer has only one algorithm. */
    void (*choose)(const struct cd_plan *plan, unsigned char *needed,
                   const struct cd_conv_choice *choice, struct cd_step *step);

    /* ---- memory ---- */

    /* Returns the size of the data, besides activations, that the forward pass keeps for the
     * backward pass. NULL: 0. */
    size_t (*kept)(const struct cd_plan *plan, const struct cd_step *step);

    /* Return the size of the scratch of the forward pass and of the backward pass. NULL: 0. */
    size_t (*scratch)(const struct cd_plan *plan, const struct cd_step *step);
    size_t (*scratch_backward)(const struct cd_plan *plan, const struct cd_step *step);

    /* Return the size of the kernel in the layout that the forward pass reads, and of the data into
     * which batch normalisation is folded. A plan for prediction keeps both between runs. NULL:
     * 0. */
    size_t (*prepared)(const struct cd_step *step);
    size_t (*folded)(const struct cd_step *step);

    /* Return 1 if the backward pass reads the activations of the first input, or of the output.
     * NULL: 0. */
    int (*reads_input)(const struct cd_step *step);
    int (*reads_output)(const struct cd_step *step);

    /* Returns 1 if the gradient of input k may use the memory of the output's gradient. NULL: 0. */
    int (*passes_gradient)(const struct cd_step *step, size_t k);

    /* What `backward` does if another step has already written the gradient of an input. 1: it adds
     * its own gradient. 0: it writes to job->dx, which is then separate memory, and the plan adds
     * it. */
    int adds_gradient;

    /* Returns the size of the temporary buffer for a gradient that is added to another step's.
     * NULL: the size of the gradient. */
    size_t (*temporary)(const struct cd_plan *plan, const struct cd_step *step);

    /* ---- running ---- */

    /* Computes the data whose sizes `prepared` and `folded` return. A plan for prediction calls it
     * once for each version of the weights. NULL: nothing to prepare. */
    void (*prepare)(const struct cd_job *job);

    /* Runs the forward pass. */
    void (*forward)(struct cd_job *job);

    /* Runs the backward pass. It may overwrite job->dy. NULL: the kind has no step. */
    void (*backward)(struct cd_job *job);

    /* 1: in cd_plan_backward_adam the backward pass updates the kernel, the layer's first
     * parameter, and does not store its gradient. */
    int updates_kernel;
};

#define CD_LAYER_DECLARE(type, name) extern const struct cd_layer cd_layer_##name;
CD_KIND_LIST(CD_LAYER_DECLARE)

/* Returns the functions for a node's kind. */
const struct cd_layer *cd_layer_of(const struct cd_node *node);

#endif

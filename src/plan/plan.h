/* SPDX-License-Identifier: MIT
 *
 * A plan runs a graph, for training or for prediction, on batches of up to a fixed size. It is a
 * list of steps with all the memory that they need. Running a plan allocates nothing and cannot
 * fail. Results do not depend on the number of threads: work is divided by images, rows and
 * channels, and partial sums are added in a fixed order.
 *
 * In this directory, "the gradient of x" is the gradient of the loss with respect to x. dx stands
 * for the gradient of a layer's input, dy for the gradient of its output.
 *
 * Only one thread at a time may use a plan. */
#ifndef CD_PLAN_PLAN_H
#define CD_PLAN_PLAN_H

#include "graph/graph.h"
#include "kernels/kernels.h"

struct cd_plan;
struct cd_prepared_list;
struct cd_conv_algorithm;

/* The largest value of cd_plan_options.batch. */
enum { CD_PLAN_LARGEST_BATCH = 65536 };

/* How a convolution is run. */
struct cd_conv_choice {
    const struct cd_conv_algorithm *algorithm; /* the algorithm; NULL: the cost model selects one */
    int fuses_pooling;                         /* 1: the max pooling that follows is fused */
};

struct cd_plan_options {
    size_t batch; /* the largest number of images in a run */
    int training;

    /* Training: the number of frozen nodes. These are the first nodes of the graph. Their
     * parameters get no gradients. Frozen batch normalisation uses its running statistics and does
     * not update them; frozen dropout drops nothing. The backward pass skips frozen nodes, unless
     * it needs their gradients for watched or input_gradient. */
    size_t frozen_nodes;

    /* Training: index of the watched node, whose activations and gradient can be read after the
     * backward pass; 0 if no node is watched. The watched node and all nodes before it must be
     * frozen. */
    size_t watched;

    int input_gradient; /* training: 1 to also compute the gradient of the graph's input */

    /* Prediction: the model's list of prepared kernels (prepared.h), or NULL. Plans of the same
     * graph that use the same algorithms share the kernels in the list. If the list is NULL, the
     * plan prepares kernels for itself. */
    struct cd_prepared_list *prepared;

    /* One entry for each node, used for convolutions only. NULL: the cost model selects. */
    const struct cd_conv_choice *choices;
};

/* Creates a plan. The graph must outlive the plan. Errors: MEMORY. */
cnn_status_t cd_plan_create(const cnn_graph_t *graph, const struct cd_plan_options *options,
                            struct cd_plan **plan);

/* Creates a draft: a plan that cannot run because its arena is not allocated. It tells how much
 * memory the plan would need. Errors: MEMORY, also if the size cannot be addressed. */
cnn_status_t cd_plan_draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           struct cd_plan **plan);

/* Frees a plan. plan may be NULL. */
void cd_plan_free(struct cd_plan *plan);

/* ---- running ---- */

/* Computes the outputs of n images. x: images, n x input shape. weights, statistics: the parameters
 * of the model (graph.h defines the two blocks). A plan for prediction assumes that they are
 * unchanged while the version of the weights stays the same. Returns n x output shape; the array
 * belongs to the plan and is valid until the next run. */
const float *cd_plan_predict(struct cd_plan *plan, const float *weights, const float *statistics,
                             const float *x, size_t n);

/* Sets the version of the weights that the next runs use. If it differs from the previous version,
 * the next run prepares the kernels again. version: not 0, and new if the weights have changed. A
 * new plan has version 1. Plans that share prepared kernels must use the same versions. */
void cd_plan_set_weights_version(struct cd_plan *plan, uint64_t version);

/* Runs the forward pass for n images in training mode. The plan must be for training. Dropout
 * depends on seed and step. Batch normalisation normalises by the batch and updates statistics. The
 * caller must keep x until cd_plan_backward returns. Returns the outputs as cd_plan_predict
 * does. */
const float *cd_plan_forward(struct cd_plan *plan, const float *weights, float *statistics,
                             const float *x, size_t n, uint64_t seed, uint64_t step);

/* Runs the backward pass that belongs to the last cd_plan_forward.
 *
 * dy: gradient of the output, n x output shape; it is overwritten. If before_activation is 1, dy is
 * the gradient of the input of the output node's activation instead. For sigmoid and softmax with
 * cross-entropy that gradient is simpler and numerically stable.
 *
 * gradients: receives the gradients of the weights that are not frozen, in the layout of the block
 * of weights: graph->trainable_size - cd_plan_frozen_weights(plan) floats. NULL if all nodes are
 * frozen. Only gradients of parameters that the output depends on are written, so the caller should
 * set the array to 0 first. */
void cd_plan_backward(struct cd_plan *plan, const float *weights, float *dy, int before_activation,
                      float *gradients);

/* A step of Adam for the kernels of dense layers, which often are most of a network's weights. The
 * backward pass updates them while it computes their gradients, so these gradients are never
 * stored. */
struct cd_plan_adam {
    struct cd_adam adam;
    float *weights; /* the model's block of weights */
    float *m, *v;   /* Adam's moments, in the layout of cd_plan_backward's gradients */
};

/* Runs the backward pass as cd_plan_backward does and updates the kernels of dense layers with
 * Adam. gradients: receives the gradients of the other parameters, cd_plan_gradients(plan) floats.
 * The gradient of parameter i begins at gradients[cd_plan_gradient_at(plan, i)]. */
void cd_plan_backward_adam(struct cd_plan *plan, const struct cd_plan_adam *adam, float *dy,
                           int before_activation, float *gradients);

/* Return the watched node's activations and their gradient, n x its shape, valid until the next
 * run. NULL if no node is watched or if the output does not depend on it. */
const float *cd_plan_watched_activations(const struct cd_plan *plan);
const float *cd_plan_watched_gradient(const struct cd_plan *plan);

/* ---- sizes ---- */

/* Returns how many floats the frozen nodes occupy at the beginning of the block of weights. */
size_t cd_plan_frozen_weights(const struct cd_plan *plan);

/* Returns the size in floats of the gradients that cd_plan_backward_adam stores. */
size_t cd_plan_gradients(const struct cd_plan *plan);

/* Returns the offset of a parameter's gradient among these gradients. param: index in the graph.
 * CD_PLAN_NO_GRADIENT if the gradient is not stored: the parameter is frozen or not trainable, or
 * the backward pass updates it. */
#define CD_PLAN_NO_GRADIENT SIZE_MAX
size_t cd_plan_gradient_at(const struct cd_plan *plan, size_t param);

/* Returns the bytes of memory that a plan has allocated, or that a draft would need. */
size_t cd_plan_bytes(const struct cd_plan *plan);

#endif

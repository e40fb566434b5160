/* SPDX-License-Identifier: MIT
 *
 * A plan: how a graph is run, as a list of steps for a largest batch, for training or prediction.
 * All memory is laid out when the plan is made, so that running it allocates nothing and cannot
 * fail. Results do not depend on the number of threads: work is cut by images, rows and channels,
 * and partial sums are added in a fixed order.
 *
 * One thread at a time may use a plan. */
#ifndef CD_PLAN_PLAN_H
#define CD_PLAN_PLAN_H

#include "graph/graph.h"
#include "kernels/kernels.h"

struct cd_plan;
struct cd_prepared_list;
struct cd_conv_algorithm;

/* The largest batch that options may ask for. */
enum { CD_PLAN_LARGEST_BATCH = 65536 };

/* How a convolution is run. */
struct cd_conv_choice {
    const struct cd_conv_algorithm *algorithm; /* NULL: chosen by the cost model */
    int fuses_pooling;                         /* the max pooling behind it is fused */
};

struct cd_plan_options {
    size_t batch; /* the largest number of images in a run */
    int training;

    /* Training: the number of frozen nodes, counted from the input. Their parameters get no
     * gradient, batch normalisation uses and keeps its running statistics, dropout drops nothing,
     * and backward ends before it reaches them. */
    size_t frozen_nodes;

    /* Training: a node whose values and gradient can be read after backward. It and all nodes
     * before it must be frozen; all nodes may be. 0: none. */
    size_t watched;

    int input_gradient; /* training: backward also computes the gradient by the graph's input */

    /* Prediction: the model's list of prepared kernels. Plans of the same graph and kernels share
     * them; cd_plan_set_weights_version then sets the weights that the next runs use. NULL: the
     * plan prepares separate kernels. */
    struct cd_prepared_list *prepared;

    /* One choice for each node; read for convolutions only. NULL: the cost model chooses. */
    const struct cd_conv_choice *choices;
};

/* Makes a plan. The graph must outlive it. Errors: MEMORY. */
cnn_status_t cd_plan_create_with(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                 struct cd_plan **plan);

/* Makes a plan with a largest batch, for training or prediction, and defaults for all other
 * options. Errors: MEMORY. */
cnn_status_t cd_plan_create(const cnn_graph_t *graph, size_t batch, int training,
                            struct cd_plan **plan);

/* Makes a plan without the memory to run it, to find out what it needs. Errors: MEMORY, also if
 * it needs more than any machine has. */
cnn_status_t cd_plan_draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           struct cd_plan **plan);

/* Frees a plan. plan may be NULL. */
void cd_plan_free(struct cd_plan *plan);

/* ---- running ---- */

/* Predicts n images. x: n x input shape. Returns n x output shape, which belongs to the plan and
 * stays until its next run. weights, statistics: the model's blocks. A plan for prediction assumes
 * that they are unchanged unless the weights' version changes. */
const float *cd_plan_predict(struct cd_plan *plan, const float *weights, const float *statistics,
                             const float *x, size_t n);

/* Sets the version of the weights that the next runs use. It is not 0, and it must differ from the
 * last version if the weights have changed. A new plan has version 1. Plans that share prepared
 * kernels use the same numbers. */
void cd_plan_set_weights_version(struct cd_plan *plan, uint64_t version);

/* Runs n images forward in training mode; the plan must be for training. Dropout depends on seed
 * and step; batch normalisation uses the batch and updates statistics. x must stay until
 * cd_plan_backward. Returns as cd_plan_predict. */
const float *cd_plan_forward(struct cd_plan *plan, const float *weights, float *statistics,
                             const float *x, size_t n, uint64_t seed, uint64_t step);

/* Runs backward after cd_plan_forward.
 *
 * dy (n x output shape, overwritten) is the gradient of the loss by the output. With
 * before_activation it is the gradient by what enters the output node's activation; a loss that
 * knows sigmoid or softmax has a simple, stable gradient there.
 *
 * gradients is laid out as the weights without the frozen ones: graph->trainable_size -
 * cd_plan_frozen_weights floats, or NULL if all are frozen. The gradient of every parameter that
 * the output depends on is overwritten. The rest is left alone, so the block should be zeroed. */
void cd_plan_backward(struct cd_plan *plan, const float *weights, float *dy, int before_activation,
                      float *gradients);

/* A step of Adam for the kernels of dense layers, which are most of a network's weights. Backward
 * updates them while it computes their gradient, which is never stored. */
struct cd_plan_adam {
    struct cd_adam adam;
    float *weights; /* the model's block of weights */
    float *m, *v;   /* laid out as gradients in cd_plan_backward */
};

/* Runs backward as cd_plan_backward and updates those kernels. gradients: cd_plan_gradients floats
 * for the other parameters, each at cd_plan_gradient_at. */
void cd_plan_backward_adam(struct cd_plan *plan, const struct cd_plan_adam *adam, float *dy,
                           int before_activation, float *gradients);

/* The watched node's values and their gradient: n x its shape, until the next run. NULL if no node
 * is watched or the output does not depend on it. */
const float *cd_plan_watched_activations(const struct cd_plan *plan);
const float *cd_plan_watched_gradient(const struct cd_plan *plan);

/* ---- sizes ---- */

/* Floats at the beginning of the block of weights that belong to frozen nodes. */
size_t cd_plan_frozen_weights(const struct cd_plan *plan);

/* Floats of the gradients that cd_plan_backward_adam stores, and the place of a parameter's (by its
 * index in the graph) among them: CD_PLAN_NO_GRADIENT if the parameter is updated by backward,
 * frozen or not trainable. */
#define CD_PLAN_NO_GRADIENT SIZE_MAX
size_t cd_plan_gradients(const struct cd_plan *plan);
size_t cd_plan_gradient_at(const struct cd_plan *plan, size_t param);

/* Bytes of memory that a plan has allocated, or that a draft would need. */
size_t cd_plan_bytes(const struct cd_plan *plan);

#endif

/* SPDX-License-Identifier: MIT
 *
 * How a graph is run: a list of operations for a largest batch, for training or not, with all
 * memory laid out beforehand. Running cannot fail. Results do not depend on the number of
 * threads: work is cut by pictures, rows and blocks, and partial sums are added in a fixed order.
 */
#ifndef CD_PLAN_PLAN_H
#define CD_PLAN_PLAN_H

#include "graph/graph.h"
#include "kernels/kernels.h"

struct cd_plan;
struct cd_prepared_list;

/* What options may ask for. */
enum { CD_PLAN_LARGEST_BATCH = 65536 };

struct cd_plan_options {
    size_t batch; /* the most pictures of one run */
    int training;
    /* Training: the first so many nodes are frozen. Their parameters get no gradient, batch
     * normalisation works as in prediction and leaves its statistics as they are, dropout drops
     * nothing, and backward ends above them. */
    size_t frozen_nodes;
    /* Training: a node whose output's values and gradient can be read after backward, which goes as
     * far as it needs. It and all nodes before it must be frozen, and may be all there are. 0:
     * none. */
    size_t watched;
    int runs_once; /* 1: measuring what is fastest would take longer than it could gain */
    /* Predicting: NULL, or the prepared kernels of the model's other plans, which with the same graph and
     * kernels are shared with these. cd_plan_weights_are then says which weights each run is with. */
    struct cd_prepared_list *prepared;
};

/* graph must outlive the plan. Errors: MEMORY. */
cnn_status_t cd_plan_create_with(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                 struct cd_plan **plan);

/* The same, nothing frozen or watched. */
cnn_status_t cd_plan_create(const cnn_graph_t *graph, size_t batch, int training,
                            struct cd_plan **plan);
void cd_plan_free(struct cd_plan *plan);

/* n pictures, x: n x input shape. Returns the output, n x output shape, which is the plan's and
 * holds until its next run. Weights and statistics: the model's blocks; a plan not made for
 * training takes them to be what they were in its last run, unless it is told that they have
 * changed. */
const float *cd_plan_predict(struct cd_plan *plan, const float *weights, const float *statistics,
                             const float *x, size_t n);

/* Which weights the next runs are with: another version (not 0) than before if they have changed, 1
 * at first. Plans that share prepared kernels count alike. */
void cd_plan_weights_are(struct cd_plan *plan, uint64_t version);

/* The same in training mode (plan made for training): dropout drops by (seed, step), batch
 * normalisation uses the batch and updates statistics. x must stay until cd_plan_backward. */
const float *cd_plan_forward(struct cd_plan *plan, const float *weights, float *statistics,
                             const float *x, size_t n, uint64_t seed, uint64_t step);

/* After cd_plan_forward. dy: n x output shape, the gradient of the loss by the output; or, with
 * before_activation, by what enters the output node's activation (a loss that knows sigmoid or
 * softmax has a simple, stable gradient there). Overwrites the gradient of every parameter that
 * the output depends on, in gradients: a block like that of the weights from the first that is not
 * frozen on, graph->trainable_size - cd_plan_frozen_weights floats (NULL if all are frozen). The
 * rest of the block stays as it was, so make it zeroed. dy is changed. */
void cd_plan_backward(struct cd_plan *plan, const float *weights, float *dy, int before_activation,
                      float *gradients);

/* Floats at the beginning of the block of weights that belong to frozen nodes. */
size_t cd_plan_frozen_weights(const struct cd_plan *plan);

/* The watched node's values and their gradient, n x its shape; until the next run. NULL if the
 * output does not depend on it, or none is watched. */
const float *cd_plan_watched_values(const struct cd_plan *plan);
const float *cd_plan_watched_gradient(const struct cd_plan *plan);

/* A step of Adam for the kernels of dense layers, most of a network's weights: backward moves them
 * (weights: the model's block; m and v: as the block from the first that is not frozen on) while it
 * computes their gradient, which is then never stored. */
struct cd_plan_adam {
    struct cd_adam adam;
    float *weights, *m, *v;
};

/* As cd_plan_backward, and moves those kernels. gradients: cd_plan_gradients floats, for the
 * others, each at cd_plan_gradient_at. */
void cd_plan_backward_adam(struct cd_plan *plan, const struct cd_plan_adam *adam, float *dy,
                           int before_activation, float *gradients);

/* Floats of the block of gradients that cd_plan_backward_adam fills; where in it that of a
 * parameter (by its index in the graph) lies, CD_PLAN_NO_GRADIENT if it is moved, frozen or not
 * trainable. */
#define CD_PLAN_NO_GRADIENT SIZE_MAX
size_t cd_plan_gradients(const struct cd_plan *plan);
size_t cd_plan_gradient_at(const struct cd_plan *plan, size_t param);

/* Bytes that the plan holds, or would hold. */
size_t cd_plan_bytes(const struct cd_plan *plan);

/* ---- what a plan needs (needs.c) ---- */

/* As cd_plan_create, but without the memory to run: all that it needs is worked out. Errors: MEMORY
 * (also if no machine has so much). */
cnn_status_t cd_plan_draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           struct cd_plan **plan);

/* Bytes for a node: none for a map that is never made, as the step that would make it takes the
 * next node along, nor for a gradient that is left where that by a later node was. */
struct cd_plan_needs {
    const char *algorithm;   /* of a convolution, else "" */
    size_t values, gradient; /* of the node's output */
    size_t kept;             /* from forward to backward */
    size_t scratch;          /* during the node's step: the larger of forward and backward */
    size_t prepared;         /* the kernel as forward wants it */
};
struct cd_plan_needs cd_plan_needs(const struct cd_plan *plan, size_t node);

/* Bytes of all that shares the arena, were it not shared. */
size_t cd_plan_unshared_bytes(const struct cd_plan *plan);

#endif

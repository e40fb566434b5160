/* SPDX-License-Identifier: MIT
 *
 * The internal structures of a plan: its steps, its buffers and its runs. Only files in src/plan
 * include this header.
 *
 * A plan has one step for each node that the output depends on and that no other step fuses.
 * Activations, gradients and scratch are buffers in one arena.
 *
 * Time is counted in moments. With N steps, the forward pass of step s is moment s, and its
 * backward pass is moment 2N-1-s:
 *
 *   moment    0     1    ...   N-1   |    N    ...   2N-2   2N-1
 *   step      0     1    ...   N-1   |   N-1   ...    1      0
 *             forward pass           |   backward pass
 *
 * A buffer is in use from its first moment to its last. Buffers that are never in use at the same
 * moment share memory. */
#ifndef CD_PLAN_STEP_H
#define CD_PLAN_STEP_H

#include "kernels/conv.h"
#include "plan/layers/conv_cut.h"
#include "plan/passes.h"
#include "plan/plan.h"
#include "plan/prepared.h"

struct cd_layer;

enum {
    CD_NO_BUFFER = -1,
    CD_PLAN_ALIGN = 16 /* floats of a cache line; every buffer begins on a cache line */
};

struct cd_buffer {
    size_t floats;
    size_t first, last; /* moments of its first and last use */
    size_t offset;      /* floats from the beginning of the arena, or of the prepared kernels */
    int is_prepared;    /* 1: holds a prepared kernel of a plan for prediction */
};

struct cd_step {
    const struct cd_node *node;
    size_t index; /* index of the node in the graph */
    const struct cd_layer *layer;

    /* Indices of the nodes that the step reads and writes. If an input is a node that shares the
     * activations of its own input (flatten), the index of the node that owns them is used. out is
     * the last node that the step fuses, or the step's node if it fuses none. A second input is an
     * operand of an addition: the step's node or a fused one. */
    size_t in[2], n_in, out;
    struct cd_conv conv; /* input shape, output shape and window of the node, without fused nodes */
    struct cd_activation activation; /* activation of the node or a fused activation */

    /* Convolution. */
    const struct cd_node *folded;    /* batch normalisation folded into the kernel, or NULL */
    struct cd_conv_layer conv_layer; /* the convolution with fused activation and pooling */
    const struct cd_conv_algorithm *algorithm; /* NULL if the step is not a convolution */
    unsigned passes;        /* the passes that the plan runs: values of cd_conv_pass, or-ed */
    size_t pooling;         /* node of the max pooling that can be fused; n_nodes if none */
    struct cd_conv_cut cut; /* how the convolution is divided into work items */
    int prepared;           /* buffer of the kernel that the forward pass reads */
    int folded_kernel;      /* buffer of the scale, bias and kernel after folding */

    /* Backward pass. */
    int frozen;      /* 1: the plan is for training and the node is frozen */
    int backward;    /* 1: the step has a backward pass */
    int wants_dx[2]; /* 1: the backward pass computes the gradient of this input */
    int adds_dx[2];  /* 1: another step writes that gradient first, and this step adds to it */
    int temporary;   /* buffer of the gradient of in[0] until it is added */

    /* Buffers. kept is in use from the step's forward pass to its backward pass. The two others are
     * in use during one pass. */
    int kept, scratch, scratch_backward;
};

/* One run of a plan: the arguments of cd_plan_predict, or of cd_plan_forward and
 * cd_plan_backward. */
struct cd_run {
    struct cd_plan *plan;
    const float *weights;
    float *statistics; /* written in training only */
    const float *x;
    size_t n; /* number of images */
    int training;
    uint64_t seed, step; /* keys of dropout's random numbers */
    float *dy;           /* gradient of the output, for the backward pass */
    float *gradients;
    const struct cd_plan_adam *adam; /* NULL: every gradient is stored, and nothing is updated */
    int before_activation;           /* 1: dy is the gradient of the last activation's input */
};

struct cd_plan {
    cnn_context_t *context;
    const cnn_graph_t *graph;
    const struct cd_kernels *kernels;
    size_t batch, threads;
    int training;
    size_t frozen_nodes;   /* number of frozen nodes; 0 in a plan for prediction */
    size_t frozen_weights; /* floats of the frozen nodes' weights */
    size_t watched;        /* node whose activations and gradient are kept; n_nodes if none */
    struct cd_step *steps;
    size_t n_steps;
    /* For each node: the buffer of its activations. CD_NO_BUFFER for the input, for a node that is
     * fused or not needed, and for a node that shares the activations of another node. */
    int *activations;
    int *gradients;         /* for each node: buffer of the gradient, or CD_NO_BUFFER */
    size_t *owner;          /* for each node: the node that owns its activations, often itself */
    size_t *gradient_at;    /* for each parameter, training only: result of cd_plan_gradient_at */
    size_t gradient_floats; /* result of cd_plan_gradients */
    struct cd_buffer *buffers;
    size_t n_buffers, buffers_capacity;
    float *arena;
    size_t arena_floats;
    struct cd_prepared *prepared;    /* prediction: prepared kernels, or NULL */
    struct cd_prepared_list *shared; /* the model's list of prepared kernels, or NULL */
    size_t prepared_floats;          /* size of the prepared kernels */
    uint64_t version;                /* version of the weights */
    struct cd_run last_run;          /* the last cd_plan_forward, for cd_plan_backward */
    struct cd_step_times *times;     /* measured times, one for each step, or NULL */
};

/* Returns the input shape, output shape and window of a node in the form that kernels expect. */
struct cd_conv cd_node_conv(const cnn_graph_t *graph, const struct cd_node *node);

/* Returns the memory of a buffer; NULL for CD_NO_BUFFER. */
float *cd_plan_memory(const struct cd_plan *plan, int buffer);

/* Return a node's activations and their gradient: n x the node's shape. */
float *cd_run_activations(const struct cd_run *run, size_t node);
float *cd_run_gradient(const struct cd_run *run, size_t node);

/* Returns parameter number `which` of a step's node, from 0. */
const struct cd_param *cd_step_param(const struct cd_plan *plan, const struct cd_step *step,
                                     size_t which);

/* Return 1 if the step's backward pass reads the activations of input k, or of the output. */
int cd_step_reads_input(const struct cd_step *step, size_t k);
int cd_step_reads_output(const struct cd_step *step);

#endif

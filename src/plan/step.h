/* SPDX-License-Identifier: MIT
 *
 * The inside of a plan: its steps, its buffers, and one run of it. Only files of this room include
 * it.
 *
 * A plan has one step for each node that the output depends on and that no other step fuses. The
 * nodes' values, their gradients and all scratch are buffers in one arena. A buffer lives from its
 * first to its last moment of use. Buffers that never live at the same moment share memory:
 *
 *   moment    0    1    2   ...  N-1 |  N  ...            2N-1
 *            forward of step 0, 1, ... | backward of step N-1, ..., 0
 */
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
    int is_prepared;    /* it holds a prepared kernel of a plan for prediction */
};

struct cd_step {
    const struct cd_node *node;
    size_t index; /* number of the node in the graph */
    const struct cd_layer *layer;

    /* Nodes. A node that shares its input's values (flatten) is replaced by the input. A fused node
     * has no step and no values of its own: out is the last node that the step fuses. A second
     * input belongs to the step's own addition or to a fused one. */
    size_t in[2], n_in, out;
    struct cd_conv conv; /* input, output and window of the node, without what is fused */
    struct cd_activation activation; /* the node's own or a fused one */

    /* Convolution. */
    const struct cd_node *folded;    /* batch normalisation folded into the kernel; or NULL */
    struct cd_conv_layer conv_layer; /* the layer with activation and pooling */
    const struct cd_conv_algorithm *algorithm; /* NULL if the step is no convolution */
    unsigned passes;        /* the passes that the plan runs: cd_conv_pass, or-ed */
    size_t pooling;         /* the max pooling that it could fuse; n_nodes if there is none */
    struct cd_conv_cut cut; /* its work items */
    int prepared;           /* buffer of the kernel that forward reads */
    int folded_kernel;      /* buffer of the folded factors, bias and kernel */

    /* Backward. */
    int frozen;      /* the plan is for training and the node is frozen */
    int backward;    /* 1: the step has a backward pass */
    int wants_dx[2]; /* backward computes the gradient by this input */
    int adds_dx[2];  /* another step has written that gradient before: add to it */
    int temporary;   /* buffer of the gradient by in[0] before it is added */

    /* Buffers. kept lives from forward to backward, scratch during one moment. */
    int kept, scratch, scratch_backward;
};

/* One run: the arguments of the caller. */
struct cd_run {
    struct cd_plan *plan;
    const float *weights;
    float *statistics; /* written in training only */
    const float *x;
    size_t n; /* number of images */
    int training;
    uint64_t seed, step; /* keys of dropout's random numbers */
    float *dy;           /* gradient by the output, for backward */
    float *gradients;
    const struct cd_plan_adam *adam; /* NULL: every gradient is stored */
    int before_activation;           /* dy is the gradient by the input of the last activation */
};

struct cd_plan {
    cnn_context_t *context;
    const cnn_graph_t *graph;
    const struct cd_kernels *kernels;
    size_t batch, threads;
    int training;
    size_t frozen_nodes;   /* number of frozen nodes; 0 in a plan for prediction */
    size_t frozen_weights; /* floats of the frozen nodes' weights */
    size_t watched;        /* node whose values and gradient stay to the end; n_nodes: none */
    struct cd_step *steps;
    size_t n_steps;
    int *values;         /* per node: buffer, or CD_NO_BUFFER (input, fused, shared, not needed) */
    int *gradients;      /* per node: buffer of the gradient, or CD_NO_BUFFER */
    size_t *owner;       /* per node: the node whose values it shares; itself if it has its own */
    size_t *gradient_at; /* training, per parameter of the graph: see cd_plan_gradient_at */
    size_t gradient_floats;
    struct cd_buffer *buffers;
    size_t n_buffers, buffers_capacity;
    float *arena;
    size_t arena_floats;
    /* Prediction: prepared kernels, valid until the weights' version changes. */
    struct cd_prepared *prepared;
    struct cd_prepared_list *shared; /* the model's list that prepared belongs to; or NULL */
    size_t prepared_floats;
    uint64_t version;            /* version of the weights */
    struct cd_run last_run;      /* the arguments of cd_plan_forward, for cd_plan_backward */
    struct cd_step_times *times; /* the caller's, one for each step; NULL: not measured */
};

/* Input, output and window of a node, as the kernels take them. */
struct cd_conv cd_node_conv(const cnn_graph_t *graph, const struct cd_node *node);

/* The memory of a buffer; NULL for CD_NO_BUFFER. */
float *cd_plan_memory(const struct cd_plan *plan, int buffer);

/* A node's values and their gradient: n x its shape. */
float *cd_run_activations(const struct cd_run *run, size_t node);
float *cd_run_gradient(const struct cd_run *run, size_t node);

/* Parameter number which (0: the first) of a step's node. */
const struct cd_param *cd_step_param(const struct cd_plan *plan, const struct cd_step *step,
                                     size_t which);

/* Whether backward reads the values of the step's input number k, or of its output. */
int cd_step_reads_input(const struct cd_step *step, size_t k);
int cd_step_reads_output(const struct cd_step *step);

#endif

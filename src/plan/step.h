/* SPDX-License-Identifier: MIT
 *
 * The inside of a plan, shared by the files that make it (plan.c), lay out its memory
 * (arena.c) and run it (run.c, forward.c, backward.c).
 *
 * A plan has one step for each node that the output depends on. Node outputs, their gradients and
 * all scratch are buffers in one arena. A buffer lives from its first to its last moment of use,
 * and buffers whose lives do not touch share memory:
 *
 *   moment    0    1    2   ...  N-1 |  N  ...            2N-1
 *            forward of step 0, 1, ... | backward of step N-1, ..., 0
 */
#ifndef CD_PLAN_STEP_H
#define CD_PLAN_STEP_H

#include "kernels/conv.h"
#include "plan/plan.h"
#include "plan/parts.h"
#include "plan/prepared.h"

enum {
    CD_NO_BUFFER = -1,
    CD_PLAN_ALIGN = 16 /* floats: a cache line; every buffer, and every part of one, begins on it */
};

struct cd_buffer {
    size_t floats;
    size_t first, last; /* moments */
    size_t offset;      /* in the arena, or among the prepared kernels */
    int is_prepared;    /* kernels of a plan made for predicting */
};

struct cd_step {
    const struct cd_node *node;
    size_t index;        /* of the node */
    struct cd_conv conv; /* shape of a convolution or pooling */
    /* The values of inputs and output belong to nodes: a node that changes nothing (flatten) shares
     * those of its input. */
    size_t in[2], n_in, out;
    /* A step takes nodes behind it along, if nothing else reads the map in between, which then
     * never exists: out is that of the last, and they have no steps of their own (fuse.c).
     *   batch normalisation: an addition (in[1] is its other operand), an activation;
     *   addition: an activation;
     *   convolution: ReLU, when predicting also batch normalisation before it; max pooling. */
    struct cd_activation activation; /* the node's own, or that */
    const struct cd_node *folded;    /* in the convolution's kernel: batch normalisation; or NULL */
    struct cd_conv_layer layer;
    const struct cd_conv_algorithm *algorithm; /* NULL if this is no convolution */
    unsigned passes; /* of a convolution: which will be run, cd_conv_pass or-ed */
    size_t pooling;  /* the max pooling that it could take along; n_nodes if there is none */
    int prepared;      /* buffer: its kernel, as forward wants it */
    int folded_kernel; /* buffer, see cd_conv_step_folded */
    int frozen;        /* in training: its node is among the first frozen_nodes */
    int backward;      /* it has a backward pass */
    int wants_dx[2];   /* the gradient by this input is asked for */
    int adds_dx[2];    /* and another step wrote there before: add */
    int temporary;     /* buffer for the gradient by in[0] if it is then added */
    int kept; /* what backward needs beside values: winners, batch statistics */
    int scratch, scratch_backward; /* live during one moment */
};

/* A way to run a convolution. */
struct cd_conv_way {
    const struct cd_conv_algorithm *algorithm;
    int pools;          /* takes the pooling behind it along */
    /* of a plan that is forced: the gradient by the graph's input is made, too */
    int input_gradient;
};

/* One run of the plan: what the caller gave. */
struct cd_run {
    struct cd_plan *plan;
    const float *weights;
    float *statistics; /* written in training only */
    const float *x;
    size_t n;
    int training;
    uint64_t seed, step;
    float *dy; /* backward */
    float *gradients;
    const struct cd_plan_adam *adam; /* NULL: gradients are stored, all of them */
    int before_activation;
};

struct cd_plan {
    cnn_context_t *context;
    const cnn_graph_t *graph;
    const struct cd_kernels *kernels;
    size_t batch, threads;
    int training;
    size_t frozen_nodes;   /* 0 unless for training */
    size_t frozen_weights; /* floats of the block of weights that are theirs */
    size_t watched;        /* whose values and gradient stay; n_nodes if there is none */
    struct cd_step *steps;
    size_t n_steps;
    int *values;    /* per node: buffer, or CD_NO_BUFFER (input; shares another's; not needed) */
    int *gradients; /* per node: likewise */
    size_t *owner;  /* per node: whose values it shares (itself if its own) */
    size_t *gradient_at; /* for training, per parameter of the graph: cd_plan_gradient_at */
    size_t gradient_floats;
    struct cd_buffer *buffers;
    size_t n_buffers, buffers_capacity;
    float *arena;
    size_t arena_floats;
    /* Made for predicting: kernels that stay as they are until the weights have another version. */
    struct cd_prepared *prepared;
    struct cd_prepared_list *shared; /* what they may be shared by; or NULL */
    size_t prepared_floats;
    uint64_t version;
    struct cd_run last_run; /* of cd_plan_forward, for cd_plan_backward */
    /* while it is made: how its one convolution is run; or NULL */
    const struct cd_conv_way *forced;
    int tune;                         /* while it is made: the choice is measured */
    struct cd_step_times *times; /* the caller's, one a step; NULL: no times are taken */
};

/* choose.c. The shape of a convolution or pooling; a convolution with or without the pooling
 * that it could take along; the choice of its way, by the cost model or by measuring (plan->tune).
 * A pooling that is taken along is marked as not needed. Errors: MEMORY. */
struct cd_conv cd_plan_conv(const cnn_graph_t *graph, const struct cd_node *node);
struct cd_conv_layer cd_plan_layer(const struct cd_plan *plan, const struct cd_step *step,
                                   int pools);
cnn_status_t cd_plan_choose_conv(const struct cd_plan *plan, unsigned char *needed,
                                 struct cd_step *step);

/* As cd_plan_create_with, of a graph with one convolution, which is run as forced says. */
cnn_status_t cd_plan_create_forced(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                   const struct cd_conv_way *forced, struct cd_plan **plan);

/* tune.c. Measures all ways. Errors: MEMORY. */
cnn_status_t cd_plan_fastest_way(const struct cd_plan *plan, const struct cd_step *step,
                                 struct cd_conv_way *way);

/* fuse.c. The node that alone reads the values of node index; n_nodes if there are none or
 * several, or if they are the output or
 * watched. */
size_t cd_plan_only_reader(const struct cd_plan *plan, const unsigned char *needed, size_t index);

/* The step takes along what it can, which is then marked as not needed: it gets no step. */
void cd_plan_take_along(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step);

struct cd_activation cd_plan_activation(const struct cd_node *node);

/* buffers.c. The buffers of all steps, for as long as each is needed. -1: no memory. */
int cd_plan_make_buffers(struct cd_plan *plan);

/* Whether a step's backward pass reads the values of its input number k, or of its output. */
int cd_plan_backward_reads_input(const struct cd_step *step, size_t k);
int cd_plan_backward_reads_output(const struct cd_step *step);

/* Appends a buffer; its number, or CD_NO_BUFFER when there is no memory. */
int cd_plan_buffer(struct cd_plan *plan, size_t floats, size_t first, size_t last);

/* The same for kernels that stay from run to run. */
int cd_plan_prepared_buffer(struct cd_plan *plan, size_t floats);

/* Gives every buffer its place; allocates the arena and takes or makes the prepared kernels' block.
 * Errors: MEMORY. */
cnn_status_t cd_plan_place(struct cd_plan *plan);
cnn_status_t cd_plan_allocate(struct cd_plan *plan);

float *cd_plan_memory(const struct cd_plan *plan, int buffer);

/* A node's values, n x its shape; its gradient. */
float *cd_run_values(const struct cd_run *run, size_t node);
float *cd_run_gradient(const struct cd_run *run, size_t node);

/* Parameter number which (0: the first) of a node in the weights, statistics or gradients block. */
const struct cd_param *cd_step_param(const struct cd_plan *plan, const struct cd_step *step,
                                     size_t which);

/* Of a convolution (conv_layer.c). Prepare: folds and prepares the kernel. */
void cd_conv_step_prepare(const struct cd_run *run, const struct cd_step *step);
size_t cd_conv_step_prepared(const struct cd_step *step);
size_t cd_conv_step_folded(const struct cd_step *step);
size_t cd_conv_step_kept(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_conv_step_scratch(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_conv_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_conv_step_temporary(const struct cd_plan *plan, const struct cd_step *step);

/* Of a batch normalisation (batch_norm_layer.c): whether backward tells from its input what ReLU
 * lets through. */
int cd_batch_norm_relu_from_input(const struct cd_step *step);

/* Floats that a step needs. kept: from forward to backward; the others during the step. */
size_t cd_step_kept(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_step_scratch(const struct cd_plan *plan, const struct cd_step *step);
size_t cd_step_scratch_backward(const struct cd_plan *plan, const struct cd_step *step);

void cd_step_forward(const struct cd_run *run, const struct cd_step *step);
void cd_step_backward(const struct cd_run *run, const struct cd_step *step);

#endif

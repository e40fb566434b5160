/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"
#include "plan/arena.h"
#include "plan/buffers.h"
#include "plan/layers/layers.h"

/* ---- creating a plan ---- */

static int shares_input(const struct cd_plan *plan, size_t index)
{
    const struct cd_layer *layer = cd_layer_of(&plan->graph->nodes[index]);

    return layer->shares_input && layer->shares_input(plan, index);
}

/* Returns the node whose activations a node shares, or the node itself if it shares none. */
static size_t owner_of(const struct cd_plan *plan, size_t index)
{
    while (shares_input(plan, index))
        index = plan->graph->nodes[index].inputs[0];
    return index;
}

static int has_trainable(const cnn_graph_t *graph, const struct cd_node *node)
{
    for (size_t i = 0; i < node->n_params; i++)
        if (graph->params[node->first_param + i].trainable)
            return 1;
    return 0;
}

/* Sets what a step's backward pass computes. The gradient of an input is needed only if the input
 * depends on trained parameters or on the watched node, so trains[input] is 1. */
static void want_gradients(const struct cd_plan *plan, const unsigned char *trains,
                           struct cd_step *step)
{
    step->frozen = step->index < plan->frozen_nodes;
    if (!plan->training)
        return;
    step->backward = !step->frozen && has_trainable(plan->graph, step->node);
    for (size_t k = 0; k < step->n_in; k++) {
        step->wants_dx[k] = trains[step->in[k]];
        step->backward |= step->wants_dx[k];
    }
}

/* Arrays with one mark (0 or 1) for each node, needed only while the steps are made. */
struct marks {
    unsigned char *needed; /* 1: the node gets a step */
    unsigned char *trains; /* 1: the node depends on trained parameters or on the watched node */
};

static void make_step(struct cd_plan *plan, const struct marks *marks,
                      const struct cd_conv_choice *choice, size_t index, struct cd_step *step)
{
    const struct cd_node *node = &plan->graph->nodes[index];
    const struct cd_layer *layer = cd_layer_of(node);

    step->node = node;
    step->index = index;
    step->layer = layer;
    for (size_t k = 0; k < node->n_inputs; k++)
        step->in[k] = plan->owner[node->inputs[k]];
    step->n_in = node->n_inputs;
    step->out = index;
    step->activation = (struct cd_activation){.kind = node->activation, .alpha = node->alpha};
    step->conv = cd_node_conv(plan->graph, node);
    step->temporary = step->prepared = step->folded_kernel = CD_NO_BUFFER;
    step->kept = step->scratch = step->scratch_backward = CD_NO_BUFFER;
    if (layer->fuse)
        layer->fuse(plan, marks->needed, step);
    want_gradients(plan, marks->trains, step);
    if (layer->choose)
        layer->choose(plan, marks->needed, choice, step);
}

static void make_steps(struct cd_plan *plan, const struct marks *marks,
                       const struct cd_conv_choice *choices)
{
    const cnn_graph_t *graph = plan->graph;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        plan->owner[i] = owner_of(plan, i);
        plan->activations[i] = plan->gradients[i] = CD_NO_BUFFER;
    }
    for (size_t i = 0; i < graph->n_nodes; i++)
        if (marks->needed[i] && plan->owner[i] == i && graph->nodes[i].n_inputs > 0)
            make_step(plan, marks, choices ? &choices[i] : NULL, i, &plan->steps[plan->n_steps++]);
}

static void mark_trains(const struct cd_plan *plan, unsigned char *trains)
{
    const cnn_graph_t *graph = plan->graph;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        const struct cd_node *node = &graph->nodes[i];
        trains[i] = i == plan->watched || (i >= plan->frozen_nodes && has_trainable(graph, node));
        for (size_t k = 0; k < node->n_inputs; k++)
            trains[i] |= trains[node->inputs[k]];
    }
}

/* Assigns offsets to the gradients that cd_plan_backward_adam stores. A kernel that its layer
 * updates during the backward pass has no stored gradient. */
static void place_gradients(struct cd_plan *plan)
{
    const cnn_graph_t *graph = plan->graph;

    for (size_t i = 0; i < graph->n_params; i++)
        plan->gradient_at[i] =
            graph->params[i].trainable && graph->params[i].node >= plan->frozen_nodes
                ? 0
                : CD_PLAN_NO_GRADIENT;
    for (size_t s = 0; s < plan->n_steps; s++)
        if (plan->steps[s].layer->updates_kernel)
            plan->gradient_at[plan->steps[s].node->first_param] = CD_PLAN_NO_GRADIENT;
    for (size_t i = 0; i < graph->n_params; i++)
        if (plan->gradient_at[i] != CD_PLAN_NO_GRADIENT) {
            plan->gradient_at[i] = plan->gradient_floats;
            plan->gradient_floats += cd_round_up(graph->params[i].count, CD_PLAN_ALIGN);
        }
}

/* Makes the steps and buffers and assigns offsets. marks: two bytes for each node, all 0 on
 * entry. */
static cnn_status_t lay_out(struct cd_plan *plan, const struct cd_plan_options *options,
                            unsigned char *bytes)
{
    const struct marks marks = {.needed = bytes, .trains = bytes + plan->graph->n_nodes};

    cd_graph_mark_needed(plan->graph, marks.needed);
    mark_trains(plan, marks.trains);
    if (options->input_gradient)
        marks.trains[0] = 1;
    make_steps(plan, &marks, options->choices);
    if (plan->training)
        place_gradients(plan);
    if (cd_buffers_make(plan) != 0)
        return CNN_ERROR_MEMORY;
    return cd_arena_place(plan);
}

static cnn_status_t no_memory(size_t batch)
{
    return cd_error(CNN_ERROR_MEMORY, "out of memory for running %zu images at a time", batch);
}

static void set_options(const struct cd_plan_options *options, struct cd_plan *plan)
{
    plan->batch = options->batch;
    plan->training = options->training;
    plan->frozen_nodes = options->training ? options->frozen_nodes : 0;
    plan->frozen_weights = cd_graph_floats_before(plan->graph, plan->frozen_nodes, 1);
    plan->shared = options->training ? NULL : options->prepared;
    plan->version = 1;
    plan->watched = options->watched ? owner_of(plan, options->watched) : plan->graph->n_nodes;
}

/* Allocates the arrays that have an entry for each node or parameter. Returns -1 if out of
 * memory. */
static int allocate_arrays(struct cd_plan *plan)
{
    cnn_context_t *context = plan->context;
    const cnn_graph_t *graph = plan->graph;

    plan->steps = cd_alloc(context, graph->n_nodes, sizeof *plan->steps);
    plan->activations = cd_alloc(context, graph->n_nodes, sizeof *plan->activations);
    plan->gradients = cd_alloc(context, graph->n_nodes, sizeof *plan->gradients);
    plan->owner = cd_alloc(context, graph->n_nodes, sizeof *plan->owner);
    plan->gradient_at = cd_alloc(context, graph->n_params, sizeof *plan->gradient_at);
    return plan->steps && plan->activations && plan->gradients && plan->owner && plan->gradient_at
               ? 0
               : -1;
}

static cnn_status_t make_plan(const cnn_graph_t *graph, const struct cd_plan_options *options,
                              struct cd_plan *plan)
{
    unsigned char *marks = cd_alloc(plan->context, graph->n_nodes, 2);
    cnn_status_t rc = CNN_ERROR_MEMORY;

    plan->graph = graph;
    plan->kernels = plan->context->kernels;
    plan->threads = cd_pool_threads(plan->context->pool);
    set_options(options, plan);
    if (marks && allocate_arrays(plan) == 0)
        rc = lay_out(plan, options, marks);
    cd_free(plan->context, marks);
    return rc;
}

cnn_status_t cd_plan_draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           struct cd_plan **out)
{
    struct cd_plan *plan = cd_alloc(graph->context, 1, sizeof *plan);

    *out = NULL;
    if (!plan)
        return no_memory(options->batch);
    plan->context = cd_context_ref(graph->context);
    if (make_plan(graph, options, plan) != CNN_OK) {
        cd_plan_free(plan);
        return no_memory(options->batch);
    }
    *out = plan;
    return CNN_OK;
}

cnn_status_t cd_plan_create(const cnn_graph_t *graph, const struct cd_plan_options *options,
                            struct cd_plan **plan)
{
    CD_TRY(cd_plan_draft(graph, options, plan));
    if (cd_arena_allocate(*plan) == CNN_OK)
        return CNN_OK;
    cd_plan_free(*plan);
    *plan = NULL;
    return no_memory(options->batch);
}

void cd_plan_free(struct cd_plan *plan)
{
    if (!plan)
        return;
    cnn_context_t *context = plan->context;
    cd_prepared_release(plan->prepared);
    cd_free(context, plan->arena);
    cd_free(context, plan->buffers);
    cd_free(context, plan->gradient_at);
    cd_free(context, plan->owner);
    cd_free(context, plan->gradients);
    cd_free(context, plan->activations);
    cd_free(context, plan->steps);
    cd_free(context, plan);
    cd_context_unref(context);
}

size_t cd_plan_bytes(const struct cd_plan *plan)
{
    return (plan->arena_floats + plan->prepared_floats) * sizeof *plan->arena;
}

size_t cd_plan_frozen_weights(const struct cd_plan *plan)
{
    return plan->frozen_weights;
}

size_t cd_plan_gradients(const struct cd_plan *plan)
{
    return plan->gradient_floats;
}

size_t cd_plan_gradient_at(const struct cd_plan *plan, size_t param)
{
    return plan->gradient_at[param];
}

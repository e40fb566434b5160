/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"
#include "plan/step.h"

/* ---- making a plan ---- */

static int shares_input(const struct cd_plan *plan, size_t index)
{
    const enum cd_node_type type = plan->graph->nodes[index].type;
    return type == CD_NODE_FLATTEN ||
           (type == CD_NODE_DROPOUT && (!plan->training || index < plan->frozen_nodes));
}

/* Whose values a node shares; itself if they are its own. */
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

/* Gradients are asked for by nodes behind which there is something to train. */
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

struct cd_activation cd_plan_activation(const struct cd_node *node)
{
    return (struct cd_activation){.kind = node->activation, .alpha = node->alpha};
}

static cnn_status_t make_step(struct cd_plan *plan, unsigned char *needed,
                              const unsigned char *trains, size_t index, struct cd_step *step)
{
    const struct cd_node *node = &plan->graph->nodes[index];

    step->node = node;
    step->index = index;
    for (size_t k = 0; k < node->n_inputs; k++)
        step->in[k] = plan->owner[node->inputs[k]];
    step->n_in = node->n_inputs;
    step->out = index;
    step->activation = cd_plan_activation(node);
    step->conv = cd_plan_conv(plan->graph, node);
    step->temporary = step->prepared = step->folded_kernel = CD_NO_BUFFER;
    step->kept = step->scratch = step->scratch_backward = CD_NO_BUFFER;
    cd_plan_take_along(plan, needed, step);
    want_gradients(plan, trains, step);
    return node->type == CD_NODE_CONV2D ? cd_plan_choose_conv(plan, needed, step) : CNN_OK;
}

static cnn_status_t make_steps(struct cd_plan *plan, unsigned char *needed,
                               const unsigned char *trains)
{
    const cnn_graph_t *graph = plan->graph;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        plan->owner[i] = owner_of(plan, i);
        plan->values[i] = plan->gradients[i] = CD_NO_BUFFER;
    }
    for (size_t i = 0; i < graph->n_nodes; i++)
        if (needed[i] && plan->owner[i] == i && graph->nodes[i].type != CD_NODE_INPUT)
            CD_TRY(make_step(plan, needed, trains, i, &plan->steps[plan->n_steps++]));
    return CNN_OK;
}

/* Which nodes depend on something to train or to be watched. */
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

/* The gradients that are stored although dense kernels are moved by backward itself. */
static void place_gradients(struct cd_plan *plan)
{
    const cnn_graph_t *graph = plan->graph;

    for (size_t i = 0; i < graph->n_params; i++)
        plan->gradient_at[i] =
            graph->params[i].trainable && graph->params[i].node >= plan->frozen_nodes
                ? 0
                : CD_PLAN_NO_GRADIENT;
    for (size_t s = 0; s < plan->n_steps; s++)
        if (plan->steps[s].node->type == CD_NODE_DENSE)
            plan->gradient_at[plan->steps[s].node->first_param] = CD_PLAN_NO_GRADIENT;
    for (size_t i = 0; i < graph->n_params; i++)
        if (plan->gradient_at[i] != CD_PLAN_NO_GRADIENT) {
            plan->gradient_at[i] = plan->gradient_floats;
            plan->gradient_floats += cd_round_up(graph->params[i].count, CD_PLAN_ALIGN);
        }
}

/* marks: zeroed, two for each node. */
static cnn_status_t lay_out(struct cd_plan *plan, unsigned char *marks)
{
    unsigned char *needed = marks, *trains = marks + plan->graph->n_nodes;

    cd_graph_mark_needed(plan->graph, needed);
    mark_trains(plan, trains);
    if (plan->forced && plan->forced->input_gradient)
        trains[0] = 1;
    CD_TRY(make_steps(plan, needed, trains));
    if (plan->training)
        place_gradients(plan);
    if (cd_plan_make_buffers(plan) != 0)
        return CNN_ERROR_MEMORY;
    return cd_plan_place(plan);
}

static cnn_status_t no_memory(size_t batch)
{
    return cd_error(CNN_ERROR_MEMORY, "out of memory for running %zu pictures at a time", batch);
}

static void set_options(const struct cd_plan_options *options, struct cd_plan *plan)
{
    plan->batch = options->batch;
    plan->training = options->training;
    plan->frozen_nodes = options->training ? options->frozen_nodes : 0;
    plan->frozen_weights = cd_graph_floats_before(plan->graph, plan->frozen_nodes, 1);
    plan->shared = options->training ? NULL : options->prepared;
    plan->version = 1;
    plan->watched =
        options->watched ? owner_of(plan, options->watched) : plan->graph->n_nodes;
}

/* forced: or NULL; tune: measures what it chooses from. */
static cnn_status_t draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                          const struct cd_conv_way *forced, int tune, struct cd_plan **out)
{
    cnn_context_t *context = graph->context;
    struct cd_plan *plan = cd_alloc(context, 1, sizeof *plan);
    unsigned char *marks = cd_alloc(context, graph->n_nodes, 2);
    cnn_status_t rc = CNN_ERROR_MEMORY;

    *out = NULL;
    if (!plan || !marks)
        goto fail;
    plan->context = cd_context_ref(context);
    plan->graph = graph;
    plan->kernels = context->kernels;
    plan->threads = cd_pool_threads(context->pool);
    set_options(options, plan);
    plan->forced = forced;
    plan->tune = tune;
    plan->steps = cd_alloc(context, graph->n_nodes, sizeof *plan->steps);
    plan->values = cd_alloc(context, graph->n_nodes, sizeof *plan->values);
    plan->gradients = cd_alloc(context, graph->n_nodes, sizeof *plan->gradients);
    plan->owner = cd_alloc(context, graph->n_nodes, sizeof *plan->owner);
    plan->gradient_at = cd_alloc(context, graph->n_params, sizeof *plan->gradient_at);
    if (!plan->steps || !plan->values || !plan->gradients || !plan->owner || !plan->gradient_at)
        goto fail;
    rc = lay_out(plan, marks);
    if (rc != CNN_OK)
        goto fail;
    cd_free(context, marks);
    *out = plan;
    return CNN_OK;
fail:
    cd_free(context, marks);
    if (plan && !plan->context)
        cd_free(context, plan);
    else
        cd_plan_free(plan);
    return no_memory(options->batch);
}

cnn_status_t cd_plan_draft(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           struct cd_plan **plan)
{
    return draft(graph, options, NULL, 0, plan);
}

static cnn_status_t create(const cnn_graph_t *graph, const struct cd_plan_options *options,
                           const struct cd_conv_way *forced, int tune, struct cd_plan **out)
{
    CD_TRY(draft(graph, options, forced, tune, out));
    if (cd_plan_allocate(*out) == CNN_OK)
        return CNN_OK;
    cd_plan_free(*out);
    *out = NULL;
    return no_memory(options->batch);
}

cnn_status_t cd_plan_create_forced(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                   const struct cd_conv_way *forced, struct cd_plan **plan)
{
    return create(graph, options, forced, 0, plan);
}

cnn_status_t cd_plan_create_with(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                 struct cd_plan **plan)
{
    return create(graph, options, NULL, graph->context->tune && !options->runs_once, plan);
}

cnn_status_t cd_plan_create(const cnn_graph_t *graph, size_t batch, int training,
                            struct cd_plan **plan)
{
    const struct cd_plan_options options = {.batch = batch, .training = training};
    return cd_plan_create_with(graph, &options, plan);
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
    cd_free(context, plan->values);
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

/* SPDX-License-Identifier: MIT */
#include "measure/memory_needs.h"

#include "core/memory.h"
#include "plan/needs.h"
#include "train/freeze.h"
#include "train/optimizer_rules.h"

static uint64_t of_floats(uint64_t count)
{
    return count * sizeof(float);
}

/* As cnn_model_t, cd_trainer and cd_training hold them, or a session. */
static void set_totals(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                       const struct cd_plan *plan, cnn_memory_info_t *info)
{
    const uint64_t input = cd_shape_size(graph->nodes[0].shape), batch = options->batch_size;
    const uint64_t trained = graph->trainable_size - cd_plan_frozen_weights(plan);
    const struct cd_optimizer_rule *rule = cd_optimizer_rule(options->optimizer);
    const int fused = rule->backward && !options->clipped;

    info->batch_size = options->batch_size;
    info->training = options->training;
    info->weights = of_floats(graph->trainable_size + graph->statistics_size);
    info->pictures = of_floats(batch * input);
    if (options->training) {
        info->pictures *= 2; /* one is prepared while the other is used */
        info->best_weights = info->weights;
        info->optimizer = of_floats(cd_optimizer_moments(rule) * trained);
        info->gradients = of_floats(fused ? cd_plan_gradients(plan) : trained);
        info->average_weights = options->averaged ? info->weights : 0;
    } else {
        info->pictures += batch * input; /* as they come out of the resize */
    }
    info->arena = cd_plan_bytes(plan);
    info->unshared = cd_plan_unshared_bytes(plan);
    info->total = info->weights + info->best_weights + info->average_weights + info->optimizer +
                  info->gradients + info->pictures + info->arena;
}

static void set_layer(const cnn_graph_t *graph, const struct cd_plan *plan, size_t node,
                      cnn_layer_memory_t *layer)
{
    const struct cd_plan_needs needs = cd_plan_needs(plan, node);

    *layer = (cnn_layer_memory_t){
        .name = graph->nodes[node].name,
        .algorithm = needs.algorithm,
        .weights = of_floats(cd_node_parameters(graph, node)),
        .values = needs.values,
        .gradients = needs.gradient,
        .kept = needs.kept,
        .scratch = needs.scratch,
        .prepared = needs.prepared,
    };
}

cnn_status_t cd_needs_create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                             cnn_memory_t **out)
{
    cnn_memory_t *memory = cd_alloc(graph->context, 1, sizeof *memory);
    struct cd_plan_options how = {.batch = options->batch_size, .training = options->training};
    struct cd_plan *plan = NULL;
    cnn_status_t rc;

    *out = NULL;
    if (!memory)
        return cd_error_memory();
    memory->context = cd_context_ref(graph->context);
    rc = cd_freeze_nodes(graph, options->training ? options->freeze : NULL, &how.frozen_nodes);
    if (rc != CNN_OK) {
        cd_error(rc, "cnn_memory_options_t: %s", cd_error_message());
        goto fail;
    }
    CD_TRY_FAIL(cd_graph_copy(graph, &memory->graph));
    CD_TRY_FAIL(cd_plan_draft(graph, &how, &plan));
    memory->layers = cd_alloc(memory->context, graph->n_nodes, sizeof *memory->layers);
    if (!memory->layers) {
        rc = cd_error_memory();
        goto fail;
    }
    set_totals(graph, options, plan, &memory->info);
    for (size_t i = 0; i < graph->n_nodes; i++)
        set_layer(memory->graph, plan, i, &memory->layers[i]);
    cd_plan_free(plan);
    *out = memory;
    return CNN_OK;
fail:
    cd_plan_free(plan);
    cd_needs_free(memory);
    return rc;
}

void cd_needs_free(cnn_memory_t *memory)
{
    if (!memory)
        return;
    cnn_context_t *context = memory->context;
    cd_graph_free(memory->graph);
    cd_free(context, memory->layers);
    cd_free(context, memory);
    cd_context_unref(context);
}

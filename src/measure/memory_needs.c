/* SPDX-License-Identifier: MIT */
#include "measure/memory_needs.h"

#include "core/memory.h"
#include "plan/needs.h"
#include "train/freeze.h"
#include "train/optimizer.h"

static uint64_t of_floats(uint64_t count)
{
    return count * sizeof(float);
}

/* Adds the memory that cd_trainer and cd_training allocate besides the model. */
static void set_training(const cnn_graph_t *graph, const cnn_train_options_t *training,
                         const struct cd_plan *plan, cnn_memory_info_t *info)
{
    const uint64_t trained = graph->trainable_size - cd_plan_frozen_weights(plan);
    const struct cd_optimizer_rule *rule = cd_optimizer_rule(training->optimizer);

    info->training = 1;
    info->images *= 2; /* one batch is loaded while the other is used */
    info->best_weights = info->weights;
    info->optimizer = of_floats(cd_optimizer_moments(rule) * trained);
    info->gradients = of_floats(cd_optimizer_fuses(training) ? cd_plan_gradients(plan) : trained);
    info->average_weights = training->average_decay > 0 ? info->weights : 0;
}

/* Fills in the sizes in bytes. info: batch_size is set, all other fields are 0. training: NULL for
 * a session. */
static void set_totals(const cnn_graph_t *graph, const cnn_train_options_t *training,
                       const struct cd_plan *plan, cnn_memory_info_t *info)
{
    const uint64_t input = cd_shape_size(graph->nodes[0].shape), batch = info->batch_size;

    info->weights = of_floats(graph->trainable_size + graph->statistics_size);
    info->images = of_floats(batch * input);
    if (training)
        set_training(graph, training, plan, info);
    else
        info->images += batch * input; /* the images after resizing */
    info->arena = cd_plan_bytes(plan);
    info->unshared = cd_plan_unshared_bytes(plan);
    info->total = info->weights + info->best_weights + info->average_weights + info->optimizer +
                  info->gradients + info->images + info->arena;
}

static void set_layer(const cnn_graph_t *graph, const struct cd_plan *plan, size_t node,
                      cnn_layer_memory_t *layer)
{
    const struct cd_plan_needs needs = cd_plan_needs(plan, node);

    *layer = (cnn_layer_memory_t){
        .name = graph->nodes[node].name,
        .algorithm = needs.algorithm,
        .weights = of_floats(cd_node_parameters(graph, node)),
        .output = needs.output,
        .gradient = needs.gradient,
        .kept = needs.kept,
        .scratch = needs.scratch,
        .prepared = needs.prepared,
    };
}

cnn_status_t cd_needs_create(const cnn_graph_t *graph, uint32_t batch,
                             const cnn_train_options_t *training, cnn_memory_t **out)
{
    cnn_memory_t *memory = cd_alloc(graph->context, 1, sizeof *memory);
    struct cd_plan_options how = {.batch = batch, .training = training != NULL};
    struct cd_plan *plan = NULL;
    cnn_status_t rc;

    *out = NULL;
    if (!memory)
        return cd_error_memory();
    memory->context = cd_context_ref(graph->context);
    rc = cd_freeze_nodes(graph, training ? training->freeze : NULL, &how.frozen_nodes);
    if (rc != CNN_OK) {
        cd_error(rc, "cnn_train_options_t: %s", cd_error_message());
        goto fail;
    }
    CD_TRY_FAIL(cd_graph_copy(graph, &memory->graph));
    CD_TRY_FAIL(cd_plan_draft(graph, &how, &plan));
    memory->layers = cd_alloc(memory->context, graph->n_nodes, sizeof *memory->layers);
    if (!memory->layers) {
        rc = cd_error_memory();
        goto fail;
    }
    memory->info.batch_size = batch;
    set_totals(graph, training, plan, &memory->info);
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

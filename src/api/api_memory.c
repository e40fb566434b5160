/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "graph/preset.h"
#include "measure/memory_needs.h"
#include "train/optimizer_rules.h"

enum { DEFAULT_BATCH = 32 };

/* The preset's own batch size for training, else 32. */
static uint32_t usual_batch(const cnn_graph_t *graph, int training)
{
    const cnn_preset_info_t *preset = training ? cd_preset_find(graph->preset) : NULL;
    return preset ? preset->batch_size : DEFAULT_BATCH;
}

static cnn_status_t check_options(const cnn_graph_t *graph, const cnn_memory_options_t *options)
{
    if (graph->n_nodes == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "cnn_memory_create: the graph is empty");
    CD_TRY(cd_check_most("cnn_memory_options_t", "batch_size", options->batch_size,
                         CD_PLAN_LARGEST_BATCH));
    return cd_check_enum("cnn_memory_options_t", "optimizer", (int)options->optimizer,
                         cd_optimizer_names.count);
}

cnn_status_t cnn_memory_create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                               cnn_memory_t **memory)
{
    cnn_memory_options_t own;

    CD_REQUIRE(NULL, memory);
    *memory = NULL;
    CD_REQUIRE(NULL, graph);
    CD_API_TRY(graph->context, cd_options_read("cnn_memory_options_t", options, &own, sizeof own));
    CD_API_TRY(graph->context, check_options(graph, &own));
    own.training = own.training != 0;
    if (!own.batch_size)
        own.batch_size = usual_batch(graph, own.training);
    return cd_api_result(graph->context, cd_needs_create(graph, &own, memory));
}

void cnn_memory_free(cnn_memory_t *memory)
{
    cd_needs_free(memory);
}

cnn_status_t cnn_memory_info(const cnn_memory_t *memory, cnn_memory_info_t *info)
{
    CD_REQUIRE(NULL, memory);
    return cd_api_result(memory->context,
                         cd_result_write(__func__, &memory->info, sizeof memory->info, info));
}

cnn_status_t cnn_memory_layer(const cnn_memory_t *memory, size_t index, cnn_layer_memory_t *layer)
{
    CD_REQUIRE(NULL, memory);
    CD_API_TRY(memory->context, cd_check_index(__func__, index, memory->graph->n_nodes));
    return cd_api_result(memory->context, cd_result_write(__func__, &memory->layers[index],
                                                          sizeof *memory->layers, layer));
}

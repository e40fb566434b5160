/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "measure/memory_needs.h"
#include "plan/plan.h"
#include "train/train_options.h"

enum { DEFAULT_BATCH = 32 };

/* Fills in the defaults of the options. If training options are given, copies them to *training
 * with defaults filled in, and makes options->training point there. */
static cnn_status_t complete(const cnn_graph_t *graph, cnn_memory_options_t *options,
                             cnn_train_options_t *training)
{
    if (options->training) {
        CD_TRY(cd_train_options_read(graph->context, graph->preset, options->training, training));
        options->training = training;
    }
    if (!options->batch_size)
        options->batch_size = options->training ? training->batch_size : DEFAULT_BATCH;
    return cd_check_most("cnn_memory_options_t", "batch_size", options->batch_size,
                         CD_PLAN_LARGEST_BATCH);
}

static cnn_status_t create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                           cnn_memory_t **memory)
{
    cnn_memory_options_t own;
    cnn_train_options_t training;

    CD_TRY(cd_options_read("cnn_memory_options_t", options, &own, sizeof own));
    if (graph->n_nodes == 0)
        return cd_error(CNN_ERROR_ARGUMENT, "cnn_memory_create: the graph is empty");
    CD_TRY(complete(graph, &own, &training));
    return cd_needs_create(graph, own.batch_size, own.training, memory);
}

cnn_status_t cnn_memory_create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                               cnn_memory_t **memory)
{
    CD_REQUIRE(NULL, memory);
    *memory = NULL;
    CD_REQUIRE(NULL, graph);
    return cd_api_result(graph->context, create(graph, options, memory));
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

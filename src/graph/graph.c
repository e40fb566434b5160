/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <string.h>

#include "core/memory.h"

cnn_status_t cd_graph_create(cnn_context_t *context, cnn_graph_t **out)
{
    cnn_graph_t *graph = cd_alloc(context, 1, sizeof *graph);

    *out = graph;
    if (!graph)
        return cd_error_memory();
    graph->context = cd_context_ref(context);
    return CNN_OK;
}

cnn_status_t cd_graph_copy(const cnn_graph_t *graph, cnn_graph_t **out)
{
    cnn_graph_t *copy;
    cnn_status_t rc;

    CD_TRY(cd_graph_create(graph->context, out));
    copy = *out;
    CD_TRY_FAIL(cd_reserve(graph->context, &copy->nodes, &copy->nodes_capacity, graph->n_nodes,
                           sizeof *copy->nodes));
    CD_TRY_FAIL(cd_reserve(graph->context, &copy->params, &copy->params_capacity, graph->n_params,
                           sizeof *copy->params));
    for (size_t i = 0; i < graph->n_nodes; i++) {
        copy->nodes[i] = graph->nodes[i];
        copy->nodes[i].name = cd_strdup(graph->context, graph->nodes[i].name);
        if (!copy->nodes[i].name) {
            rc = cd_error_memory();
            goto fail;
        }
        copy->n_nodes++;
    }
    if (graph->n_params > 0)
        memcpy(copy->params, graph->params, graph->n_params * sizeof *copy->params);
    memcpy(copy->preset, graph->preset, sizeof copy->preset);
    copy->n_params = graph->n_params;
    copy->trainable_size = graph->trainable_size;
    copy->statistics_size = graph->statistics_size;
    return CNN_OK;
fail:
    cd_graph_free(copy);
    *out = NULL;
    return rc;
}

void cd_graph_free(cnn_graph_t *graph)
{
    if (!graph)
        return;
    cnn_context_t *context = graph->context;
    for (size_t i = 0; i < graph->n_nodes; i++)
        cd_free(context, graph->nodes[i].name);
    cd_free(context, graph->nodes);
    cd_free(context, graph->params);
    cd_free(context, graph);
    cd_context_unref(context);
}

const struct cd_param *cd_graph_param(const cnn_graph_t *graph, const char *name)
{
    for (size_t i = 0; i < graph->n_params; i++)
        if (strcmp(graph->params[i].name, name) == 0)
            return &graph->params[i];
    return NULL;
}

const struct cd_node *cd_graph_node(const cnn_graph_t *graph, const char *name)
{
    for (size_t i = 0; i < graph->n_nodes; i++)
        if (strcmp(graph->nodes[i].name, name) == 0)
            return &graph->nodes[i];
    return NULL;
}

cnn_status_t cd_graph_find_layer(const cnn_graph_t *graph, const char *where, const char *name,
                                 size_t *layer)
{
    const struct cd_node *node = cd_graph_node(graph, name);

    if (!node)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: there is no layer \"%.80s\"", where, name);
    *layer = (size_t)(node - graph->nodes);
    return CNN_OK;
}

const struct cd_node *cd_graph_output(const cnn_graph_t *graph)
{
    return &graph->nodes[graph->n_nodes - 1];
}

void cd_graph_mark_needed(const cnn_graph_t *graph, unsigned char *needed)
{
    needed[graph->n_nodes - 1] = 1;
    for (size_t i = graph->n_nodes; i-- > 0;)
        for (size_t k = 0; needed[i] && k < graph->nodes[i].n_inputs; k++)
            needed[graph->nodes[i].inputs[k]] = 1;
}

size_t cd_graph_floats_before(const cnn_graph_t *graph, size_t nodes, int trainable)
{
    for (size_t i = 0; i < graph->n_params; i++)
        if (graph->params[i].node >= nodes && !graph->params[i].trainable == !trainable)
            return graph->params[i].offset;
    return trainable ? graph->trainable_size : graph->statistics_size;
}

uint64_t cd_node_parameters(const cnn_graph_t *graph, size_t index)
{
    const struct cd_node *node = &graph->nodes[index];
    uint64_t count = 0;

    for (size_t i = 0; i < node->n_params; i++)
        count += graph->params[node->first_param + i].count;
    return count;
}

/* Does not use isalpha or isdigit, because they depend on the locale. */
int cd_name_valid(const char *name)
{
    size_t length = 0;

    for (; name[length] != '\0'; length++) {
        const char c = name[length];
        const int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const int digit = c >= '0' && c <= '9';
        if (length == CD_NAME_SIZE - 1 || !(letter || digit || c == '_' || c == '-' || c == '.'))
            return 0;
    }
    return length > 0;
}

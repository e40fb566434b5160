/* SPDX-License-Identifier: MIT */
#include "graph/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "graph/graph_build.h"

/* "conv2d", then "conv2d_1", ...: one above the highest in use. */
static void default_name(const cnn_graph_t *graph, const char *base, char name[CD_NAME_SIZE])
{
    const size_t length = strlen(base);
    unsigned long next = 0;

    for (size_t i = 0; i < graph->n_nodes; i++) {
        const char *rest = graph->nodes[i].name + length;
        unsigned long number = 0;
        if (strncmp(graph->nodes[i].name, base, length) != 0)
            continue;
        if (*rest != '\0') {
            const size_t digits = *rest == '_' ? strspn(rest + 1, "0123456789") : 0;
            if (digits == 0 || digits > 8 || rest[1 + digits] != '\0')
                continue;
            number = strtoul(rest + 1, NULL, 10);
        }
        if (number >= next)
            next = number + 1;
    }
    if (next == 0)
        snprintf(name, CD_NAME_SIZE, "%s", base);
    else
        snprintf(name, CD_NAME_SIZE, "%s_%lu", base, next);
}

static cnn_status_t set_name(const cnn_graph_t *graph, const char *name, struct cd_draft *draft)
{
    const char *type = cd_node_type_name(&draft->node);

    draft->node.name = draft->name;
    if (!name) {
        default_name(graph, type, draft->name);
    } else {
        if (!cd_name_valid(name))
            return cd_error_quiet(CNN_ERROR_ARGUMENT,
                                  "a layer of type %s: the name \"%.80s\" is not 1 to %d letters, "
                                  "digits, _ - .",
                                  type, name, CD_NAME_SIZE - 1);
        snprintf(draft->name, sizeof draft->name, "%s", name);
    }
    if (cd_graph_node(graph, draft->name))
        return cd_error_quiet(CNN_ERROR_ARGUMENT,
                              "layer \"%s\": the graph already has a layer of "
                              "this name",
                              draft->name);
    return CNN_OK;
}

cnn_status_t cd_draft_begin(const cnn_graph_t *graph, enum cd_node_type type, int global,
                            const char *name, const cnn_node_t *inputs, size_t n_inputs,
                            struct cd_draft *draft)
{
    struct cd_node *node = &draft->node;

    memset(draft, 0, sizeof *draft);
    node->type = type;
    node->global = global;
    node->n_inputs = n_inputs;
    CD_TRY(set_name(graph, name, draft));
    if (graph->n_nodes == CD_GRAPH_MAX_NODES)
        return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": a graph has at most %d layers",
                              node->name, (int)CD_GRAPH_MAX_NODES);
    for (size_t i = 0; i < n_inputs; i++) {
        if (graph->n_nodes == 0)
            return cd_error_quiet(CNN_ERROR_ARGUMENT, "layer \"%s\": the graph has no input yet",
                                  node->name);
        if (inputs[i] >= graph->n_nodes)
            return cd_error_quiet(CNN_ERROR_ARGUMENT,
                                  "layer \"%s\": its input %lu is not a layer of the graph",
                                  node->name, (unsigned long)inputs[i]);
        node->inputs[i] = inputs[i];
    }
    return CNN_OK;
}

/* Product of dims, or 0 if it is 0 or too large to be a map or a parameter: so many doubles are no
 * overflow, also where size_t has 32 bits. */
static size_t checked_count(const size_t *dims, size_t rank)
{
    uint64_t count = 1;

    for (size_t i = 0; i < rank; i++) {
        if (dims[i] > CD_GRAPH_MAX_VALUES)
            return 0;
        count *= dims[i]; /* below 2^31 * 2^31 */
        if (count > CD_GRAPH_MAX_VALUES || count > SIZE_MAX / 16)
            return 0;
    }
    return (size_t)count;
}

static cnn_status_t too_many_values(const char *layer, const char *role_name, size_t rank,
                                    const size_t *dims)
{
    char text[128] = "";
    size_t length = 0;

    for (size_t i = 0; i < rank && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, i > 0 ? " x %zu" : "%zu",
                                   dims[i]);
    return cd_error_quiet(CNN_ERROR_SHAPE, "layer \"%s\": its %s of %s has more than %d values",
                          layer, role_name, text, (int)CD_GRAPH_MAX_VALUES);
}

cnn_status_t cd_draft_param(struct cd_draft *draft, enum cd_param_role role, const char *role_name,
                            size_t rank, const size_t *dims)
{
    struct cd_param *param = &draft->params[draft->node.n_params];

    param->role = role;
    param->rank = rank;
    memcpy(param->dims, dims, rank * sizeof *dims);
    param->count = checked_count(dims, rank);
    param->trainable = role != CD_PARAM_MOVING_MEAN && role != CD_PARAM_MOVING_VARIANCE;
    snprintf(param->name, sizeof param->name, "%s/%s", draft->node.name, role_name);
    if (param->count == 0)
        return too_many_values(draft->node.name, role_name, rank, dims);
    draft->node.n_params++;
    return CNN_OK;
}

/* Gives a parameter its place in its block; the next one begins on the next full line. */
static int place(size_t *size, struct cd_param *param)
{
    const size_t padded = cd_round_up(param->count, CD_PARAM_ALIGN);

    if (padded > SIZE_MAX / sizeof(float) / 4 - *size)
        return -1;
    param->offset = *size;
    *size += padded;
    return 0;
}

cnn_status_t cd_draft_check_shape(const struct cd_node *node)
{
    const size_t dims[3] = {node->shape.h, node->shape.w, node->shape.c};

    if (checked_count(dims, 3) == 0)
        return cd_error_quiet(CNN_ERROR_SHAPE,
                              "layer \"%s\": its output " CD_SHAPE_FORMAT " is not 1 to %d values",
                              node->name, CD_SHAPE_VALUES(node->shape), (int)CD_GRAPH_MAX_VALUES);
    return CNN_OK;
}

cnn_status_t cd_draft_check_same(const cnn_graph_t *graph, const struct cd_node *node)
{
    const struct cd_node *first = &graph->nodes[node->inputs[0]];
    const struct cd_node *second = &graph->nodes[node->inputs[1]];

    if (first->shape.h == second->shape.h && first->shape.w == second->shape.w &&
        first->shape.c == second->shape.c)
        return CNN_OK;
    return cd_error_quiet(CNN_ERROR_SHAPE,
                          "layer \"%s\": its inputs \"%s\" " CD_SHAPE_FORMAT
                          " and \"%s\" " CD_SHAPE_FORMAT " differ",
                          node->name, first->name, CD_SHAPE_VALUES(first->shape), second->name,
                          CD_SHAPE_VALUES(second->shape));
}

cnn_status_t cd_draft_commit(cnn_graph_t *graph, struct cd_draft *draft, cnn_node_t *out)
{
    struct cd_node *node = &draft->node;
    size_t trainable = graph->trainable_size, statistics = graph->statistics_size;

    CD_TRY(cd_draft_check_shape(node));
    for (size_t i = 0; i < node->n_params; i++) {
        draft->params[i].node = graph->n_nodes;
        if (place(draft->params[i].trainable ? &trainable : &statistics, &draft->params[i]) != 0)
            return cd_error_quiet(
                CNN_ERROR_SHAPE, "layer \"%s\": the graph has more parameters than memory can hold",
                node->name);
    }
    node->first_param = graph->n_params;
    CD_TRY(cd_reserve(graph->context, &graph->nodes, &graph->nodes_capacity, graph->n_nodes + 1,
                      sizeof *graph->nodes));
    CD_TRY(cd_reserve(graph->context, &graph->params, &graph->params_capacity,
                      graph->n_params + node->n_params, sizeof *graph->params));
    node->name = cd_strdup(graph->context, draft->name);
    if (!node->name)
        return cd_error_memory(graph->context);
    if (node->n_params > 0)
        memcpy(&graph->params[graph->n_params], draft->params,
               node->n_params * sizeof *draft->params);
    graph->nodes[graph->n_nodes] = *node;
    graph->n_params += node->n_params;
    graph->trainable_size = trainable;
    graph->statistics_size = statistics;
    graph->preset[0] = '\0'; /* what was a preset has one layer more now */
    *out = (cnn_node_t)graph->n_nodes++;
    return CNN_OK;
}

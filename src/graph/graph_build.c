/* SPDX-License-Identifier: MIT */
#include "graph/graph_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "graph/kinds.h"

/* ---- names ---- */

/* Creates a layer's default name: base ("conv2d") if no layer has such a name, otherwise base_N
 * ("conv2d_1") with N one above the highest number in use. */
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

static cnn_status_t set_name(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const char *kind = cd_kind_of(&draft->node)->name;

    draft->node.name = draft->name_buffer;
    if (!draft->name) {
        default_name(graph, kind, draft->name_buffer);
    } else {
        if (!cd_name_valid(draft->name))
            return cd_error(CNN_ERROR_ARGUMENT,
                            "a layer of type %s: the name \"%.80s\" is not 1 to %d letters, "
                            "digits, _ - .",
                            kind, draft->name, CD_NAME_SIZE - 1);
        snprintf(draft->name_buffer, sizeof draft->name_buffer, "%s", draft->name);
    }
    if (cd_graph_node(graph, draft->name_buffer))
        return cd_error(CNN_ERROR_ARGUMENT,
                        "layer \"%s\": the graph already has a layer of this name",
                        draft->name_buffer);
    return CNN_OK;
}

/* ---- checks ---- */

static cnn_status_t check_inputs(const cnn_graph_t *graph, struct cd_draft *draft)
{
    struct cd_node *node = &draft->node;

    node->n_inputs = cd_kind_of(node)->n_inputs;
    for (size_t i = 0; i < node->n_inputs; i++) {
        if (graph->n_nodes == 0)
            return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": the graph has no input yet",
                            node->name);
        if (node->inputs[i] >= graph->n_nodes)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "layer \"%s\": its input %zu is not a layer of the graph", node->name,
                            node->inputs[i]);
    }
    return CNN_OK;
}

/* Checks a draft and sets its name, number of inputs, padding, shape and parameters. */
static cnn_status_t complete(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const struct cd_kind *kind = cd_kind_of(&draft->node);

    if (kind->n_inputs == 0 && graph->n_nodes > 0)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "a second input: the graph already has \"%s\" of " CD_SHAPE_FORMAT,
                        graph->nodes[0].name, CD_SHAPE_VALUES(graph->nodes[0].shape));
    CD_TRY(set_name(graph, draft));
    if (graph->n_nodes == CD_GRAPH_MAX_NODES)
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": a graph has at most %d layers",
                        draft->node.name, (int)CD_GRAPH_MAX_NODES);
    CD_TRY(check_inputs(graph, draft));
    if (kind->check)
        CD_TRY(kind->check(graph, draft));
    CD_TRY(cd_kind_set_shape(graph, &draft->node));
    return kind->params ? kind->params(graph, draft) : CNN_OK;
}

/* ---- appending ---- */

/* Appends a parameter to a block: sets its offset and increases *size, the size of the block in
 * floats, to the next multiple of CD_PARAM_ALIGN. Returns -1 if the block becomes too large to
 * address. */
static int place(size_t *size, struct cd_param *param)
{
    const size_t padded = cd_round_up(param->count, CD_PARAM_ALIGN);

    if (padded > SIZE_MAX / sizeof(float) / 4 - *size)
        return -1;
    param->offset = *size;
    *size += padded;
    return 0;
}

static cnn_status_t reserve(cnn_graph_t *graph, size_t n_params)
{
    CD_TRY(cd_reserve(graph->context, &graph->nodes, &graph->nodes_capacity, graph->n_nodes + 1,
                      sizeof *graph->nodes));
    return cd_reserve(graph->context, &graph->params, &graph->params_capacity,
                      graph->n_params + n_params, sizeof *graph->params);
}

cnn_status_t cd_graph_add(cnn_graph_t *graph, struct cd_draft *draft, cnn_node_t *out)
{
    struct cd_node *node = &draft->node;
    size_t trainable = graph->trainable_size, statistics = graph->statistics_size;

    CD_TRY(complete(graph, draft));
    for (size_t i = 0; i < node->n_params; i++) {
        draft->params[i].node = graph->n_nodes;
        if (place(draft->params[i].trainable ? &trainable : &statistics, &draft->params[i]) != 0)
            return cd_error(CNN_ERROR_SHAPE,
                            "layer \"%s\": the graph has more parameters than memory can hold",
                            node->name);
    }
    node->first_param = graph->n_params;
    CD_TRY(reserve(graph, node->n_params));
    node->name = cd_strdup(graph->context, draft->name_buffer);
    if (!node->name)
        return cd_error_memory();
    if (node->n_params > 0)
        memcpy(&graph->params[graph->n_params], draft->params,
               node->n_params * sizeof *draft->params);
    graph->nodes[graph->n_nodes] = *node;
    graph->n_params += node->n_params;
    graph->trainable_size = trainable;
    graph->statistics_size = statistics;
    graph->preset[0] = '\0'; /* a preset with an added layer is no longer that preset */
    *out = (cnn_node_t)graph->n_nodes++;
    return CNN_OK;
}

/* ---- layers from their options ---- */

cnn_status_t cd_graph_add_plain(cnn_graph_t *graph, enum cd_node_type type,
                                const cnn_node_t *inputs, const char *name, cnn_node_t *node)
{
    struct cd_draft draft = {.node = {.type = type}, .name = name};

    for (size_t i = 0; i < cd_kind_at(type)->n_inputs; i++)
        draft.node.inputs[i] = inputs[i];
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_input(cnn_graph_t *graph, const char *name, struct cd_shape shape,
                                cnn_node_t *node)
{
    struct cd_draft draft = {.node = {.type = CD_NODE_INPUT, .shape = shape}, .name = name};

    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_conv2d(cnn_graph_t *graph, cnn_node_t input,
                                 const cnn_conv2d_options_t *options, cnn_node_t *node)
{
    struct cd_draft draft = {.name = options->name, .padding = options->padding};

    draft.node = (struct cd_node){
        .type = CD_NODE_CONV2D,
        .inputs = {input},
        .shape.c = options->filters,
        .window = {.kh = options->kernel_height,
                   .kw = options->kernel_width,
                   .sh = options->stride_height,
                   .sw = options->stride_width,
                   .top = options->pad_top,
                   .bottom = options->pad_bottom,
                   .left = options->pad_left,
                   .right = options->pad_right},
        .activation = options->activation,
        .alpha = options->alpha,
        .bias = !options->no_bias,
        .initializer = options->initializer,
    };
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_pool2d(cnn_graph_t *graph, enum cd_node_type type, cnn_node_t input,
                                 const cnn_pool2d_options_t *options, cnn_node_t *node)
{
    struct cd_draft draft = {.name = options->name, .padding = options->padding};

    draft.node = (struct cd_node){
        .type = type,
        .inputs = {input},
        .window = {.kh = options->pool_height,
                   .kw = options->pool_width,
                   .sh = options->stride_height,
                   .sw = options->stride_width,
                   .top = options->pad_top,
                   .bottom = options->pad_bottom,
                   .left = options->pad_left,
                   .right = options->pad_right},
    };
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_dense(cnn_graph_t *graph, cnn_node_t input,
                                const cnn_dense_options_t *options, cnn_node_t *node)
{
    struct cd_draft draft = {.name = options->name};

    draft.node = (struct cd_node){
        .type = CD_NODE_DENSE,
        .inputs = {input},
        .shape.c = options->units,
        .activation = options->activation,
        .alpha = options->alpha,
        .bias = !options->no_bias,
        .initializer = options->initializer,
    };
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_activation(cnn_graph_t *graph, cnn_node_t input,
                                     cnn_activation_t activation, float alpha, const char *name,
                                     cnn_node_t *node)
{
    struct cd_draft draft = {.name = name};

    draft.node = (struct cd_node){
        .type = CD_NODE_ACTIVATION, .inputs = {input}, .activation = activation, .alpha = alpha};
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_dropout(cnn_graph_t *graph, cnn_node_t input, float rate,
                                  const char *name, cnn_node_t *node)
{
    struct cd_draft draft = {.name = name};

    draft.node = (struct cd_node){.type = CD_NODE_DROPOUT, .inputs = {input}, .rate = rate};
    return cd_graph_add(graph, &draft, node);
}

cnn_status_t cd_graph_add_batch_norm(cnn_graph_t *graph, cnn_node_t input,
                                     const cnn_batch_norm_options_t *options, cnn_node_t *node)
{
    struct cd_draft draft = {.name = options->name};

    draft.node = (struct cd_node){.type = CD_NODE_BATCH_NORM,
                                  .inputs = {input},
                                  .momentum = options->momentum,
                                  .epsilon = options->epsilon};
    return cd_graph_add(graph, &draft, node);
}

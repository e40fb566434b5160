/* SPDX-License-Identifier: MIT */
#include "graph/head.h"

#include "core/memory.h"
#include "graph/class_outputs.h"
#include "graph/graph_build.h"
#include "graph/kinds.h"

/* Checks that the graph has a head and that only activations follow it, one after the other. */
static cnn_status_t check_replaceable(const cnn_graph_t *graph, size_t head)
{
    if (head == graph->n_nodes)
        return cd_error(
            CNN_ERROR_SHAPE,
            "the network ends in layer \"%s\" and has no dense layer: there is no head to "
            "replace",
            cd_graph_output(graph)->name);
    for (size_t i = head + 1; i < graph->n_nodes; i++)
        if (!cd_kind_of(&graph->nodes[i])->activates || graph->nodes[i].inputs[0] != i - 1)
            return cd_error(
                CNN_ERROR_SHAPE,
                "layer \"%s\" follows \"%s\", the last dense layer, which can only be replaced if "
                "nothing but an activation follows it",
                graph->nodes[i].name, graph->nodes[head].name);
    return CNN_OK;
}

/* Removes node `first` and all nodes after it. */
static void cut(cnn_graph_t *graph, size_t first)
{
    graph->trainable_size = cd_graph_floats_before(graph, first, 1);
    graph->statistics_size = cd_graph_floats_before(graph, first, 0);
    while (graph->n_params > 0 && graph->params[graph->n_params - 1].node >= first)
        graph->n_params--;
    while (graph->n_nodes > first)
        cd_free(graph->context, graph->nodes[--graph->n_nodes].name);
}

cnn_status_t cd_graph_with_head(const cnn_graph_t *graph, uint32_t outputs,
                                cnn_initializer_t initializer, cnn_graph_t **out)
{
    const size_t head = cd_graph_head(graph);
    cnn_node_t node;

    *out = NULL;
    CD_TRY(check_replaceable(graph, head));
    const struct cd_node *old = &graph->nodes[head];
    const cnn_dense_options_t options = {
        .struct_size = sizeof options,
        .name = old->name,
        .units = outputs,
        .activation = cd_class_activation(outputs),
        .no_bias = !old->bias,
        .initializer = initializer == CNN_INITIALIZER_DEFAULT ? old->initializer : initializer,
    };
    CD_TRY(cd_graph_copy(graph, out));
    cut(*out, head);
    const cnn_status_t rc = cd_graph_add_dense(*out, (cnn_node_t)old->inputs[0], &options, &node);
    if (rc != CNN_OK) {
        cd_graph_free(*out);
        *out = NULL;
    }
    return rc;
}

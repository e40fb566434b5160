/* SPDX-License-Identifier: MIT
 *
 * Dropout: sets random activations to 0 in training. */
#include "graph/kinds.h"

static const struct cd_field fields[] = {
    {"rate", CD_FIELD_FLOAT, offsetof(struct cd_node, rate)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const float rate = draft->node.rate;

    (void)graph;
    if (!(rate >= 0 && rate < 1))
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": rate %g is not at least 0 and below 1",
                        draft->node.name, (double)rate);
    return CNN_OK;
}

const struct cd_kind cd_kind_dropout = {
    .name = "dropout", .n_inputs = 1, .fields = fields, .check = check, .identity = 1};

/* SPDX-License-Identifier: MIT
 *
 * An activation as a separate layer. */
#include "graph/kinds.h"

static const struct cd_field fields[] = {
    {"activation", CD_FIELD_ACTIVATION, offsetof(struct cd_node, activation)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    (void)graph;
    return cd_draft_check_activation(draft);
}

const struct cd_kind cd_kind_activation = {
    .name = "activation", .n_inputs = 1, .fields = fields, .check = check, .activates = 1};

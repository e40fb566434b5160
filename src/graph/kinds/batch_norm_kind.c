/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation: two weights and two running statistics for each channel. */
#include "graph/kinds.h"

#include <math.h>

static const struct cd_field fields[] = {
    {"momentum", CD_FIELD_FLOAT, offsetof(struct cd_node, momentum)},
    {"epsilon", CD_FIELD_FLOAT, offsetof(struct cd_node, epsilon)},
    CD_FIELDS_END,
};

static cnn_status_t check(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const struct cd_node *node = &draft->node;

    (void)graph;
    if (!(node->momentum > 0 && node->momentum < 1))
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": momentum %g is not between 0 and 1",
                        node->name, (double)node->momentum);
    if (!(node->epsilon > 0) || !isfinite(node->epsilon))
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": epsilon %g is not a positive number",
                        node->name, (double)node->epsilon);
    return CNN_OK;
}

static cnn_status_t params(const cnn_graph_t *graph, struct cd_draft *draft)
{
    const size_t *channels = &draft->node.shape.c;

    (void)graph;
    CD_TRY(cd_draft_param(draft, CD_PARAM_GAMMA, "gamma", 1, channels));
    CD_TRY(cd_draft_param(draft, CD_PARAM_BETA, "beta", 1, channels));
    CD_TRY(cd_draft_param(draft, CD_PARAM_MOVING_MEAN, "moving_mean", 1, channels));
    return cd_draft_param(draft, CD_PARAM_MOVING_VARIANCE, "moving_variance", 1, channels);
}

/* One multiply-add per activation: normalisation is a scale and a shift for each channel. */
static uint64_t multiply_adds(const cnn_graph_t *graph, const struct cd_node *node)
{
    (void)graph;
    return (uint64_t)cd_shape_size(node->shape);
}

const struct cd_kind cd_kind_batch_norm = {
    .name = "batch_norm",
    .n_inputs = 1,
    .fields = fields,
    .check = check,
    .params = params,
    .multiply_adds = multiply_adds,
};

/* SPDX-License-Identifier: MIT */
#include "graph/draft.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "graph/layer_enums.h"

/* Returns the product of dims, or 0 if it is more than CD_GRAPH_MAX_VALUES. The limit of SIZE_MAX /
 * 16 matters on 32-bit machines only: the size of an array of that many doubles must not
 * overflow. */
static size_t checked_count(const size_t *dims, size_t rank)
{
    uint64_t count = 1;

    for (size_t i = 0; i < rank; i++) {
        if (dims[i] > CD_GRAPH_MAX_VALUES)
            return 0;
        count *= dims[i]; /* the product is below 2^31 * 2^31 */
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
    return cd_error(CNN_ERROR_SHAPE, "layer \"%s\": its %s of %s has more than %d values", layer,
                    role_name, text, (int)CD_GRAPH_MAX_VALUES);
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

cnn_status_t cd_draft_kernel(struct cd_draft *draft, size_t rank, const size_t *dims, size_t field)
{
    CD_TRY(cd_draft_param(draft, CD_PARAM_KERNEL, "kernel", rank, dims));
    draft->params[0].fan_in = field * dims[rank - 2];
    draft->params[0].fan_out = field * dims[rank - 1];
    return draft->node.bias ? cd_draft_param(draft, CD_PARAM_BIAS, "bias", 1, &dims[rank - 1])
                            : CNN_OK;
}

cnn_status_t cd_draft_check_activation(struct cd_draft *draft)
{
    struct cd_node *node = &draft->node;

    if (!cd_enum_name(&cd_activation_names, (int)node->activation))
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": there is no activation %d", node->name,
                        (int)node->activation);
    if (node->activation != CNN_ACTIVATION_LEAKY_RELU)
        node->alpha = 0;
    else if (!isfinite(node->alpha) || node->alpha <= 0)
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": alpha %g is not a positive number",
                        node->name, (double)node->alpha);
    return CNN_OK;
}

cnn_status_t cd_draft_check_initializer(const struct cd_draft *draft)
{
    const cnn_initializer_t initializer = draft->node.initializer;

    if (!cd_enum_name(&cd_initializer_names, (int)initializer))
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": there is no initializer %d",
                        draft->node.name, (int)initializer);
    return CNN_OK;
}

cnn_status_t cd_draft_check_shape(const struct cd_node *node)
{
    const size_t dims[3] = {node->shape.h, node->shape.w, node->shape.c};

    if (checked_count(dims, 3) == 0)
        return cd_error(CNN_ERROR_SHAPE,
                        "layer \"%s\": its output " CD_SHAPE_FORMAT " is not 1 to %d values",
                        node->name, CD_SHAPE_VALUES(node->shape), (int)CD_GRAPH_MAX_VALUES);
    return CNN_OK;
}

/* SPDX-License-Identifier: MIT */
#include "plan/layers/layers.h"

#define ROW(type, name) [CD_NODE_##type] = &cd_layer_##name,
static const struct cd_layer *const layers[] = {CD_KIND_LIST(ROW)};

const struct cd_layer *cd_layer_of(const struct cd_node *node)
{
    return layers[node->type];
}

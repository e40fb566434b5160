/* SPDX-License-Identifier: MIT
 *
 * The network's input. Its shape is a setting. */
#include "graph/kinds.h"

static const struct cd_field fields[] = {
    {"height", CD_FIELD_SIZE, offsetof(struct cd_node, shape.h)},
    {"width", CD_FIELD_SIZE, offsetof(struct cd_node, shape.w)},
    {"channels", CD_FIELD_SIZE, offsetof(struct cd_node, shape.c)},
    CD_FIELDS_END,
};

const struct cd_kind cd_kind_input = {.name = "input", .fields = fields};

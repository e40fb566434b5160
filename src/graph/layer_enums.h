/* SPDX-License-Identifier: MIT
 *
 * The names of the enums that layers have, as in a network's JSON. */
#ifndef CD_GRAPH_LAYER_ENUMS_H
#define CD_GRAPH_LAYER_ENUMS_H

#include "core/enum_names.h"

/* Of cnn_activation_t: "none", "relu", ... */
extern const struct cd_enum_names cd_activation_names;

/* Of cnn_initializer_t: "default", "glorot_uniform", "he_normal". */
extern const struct cd_enum_names cd_initializer_names;

#endif

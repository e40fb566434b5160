/* SPDX-License-Identifier: MIT
 *
 * The names of enum values in the settings of layers, as model files and recipes spell them. */
#ifndef CD_GRAPH_LAYER_ENUMS_H
#define CD_GRAPH_LAYER_ENUMS_H

#include "core/enum_names.h"

/* The names of cnn_activation_t: "none", "relu", ... */
extern const struct cd_enum_names cd_activation_names;

/* The names of cnn_initializer_t: "default", "glorot_uniform", "he_normal". */
extern const struct cd_enum_names cd_initializer_names;

#endif

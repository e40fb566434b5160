/* SPDX-License-Identifier: MIT */
#include "graph/layer_enums.h"

#include <catdog/catdog.h>

static const char *const activations[] = {
    [CNN_ACTIVATION_NONE] = "none",
    [CNN_ACTIVATION_RELU] = "relu",
    [CNN_ACTIVATION_LEAKY_RELU] = "leaky_relu",
    [CNN_ACTIVATION_SIGMOID] = "sigmoid",
    [CNN_ACTIVATION_SOFTMAX] = "softmax",
};

static const char *const initializers[] = {
    [CNN_INITIALIZER_DEFAULT] = "default",
    [CNN_INITIALIZER_GLOROT_UNIFORM] = "glorot_uniform",
    [CNN_INITIALIZER_HE_NORMAL] = "he_normal",
};

const struct cd_enum_names cd_activation_names = CD_ENUM_NAMES(activations);
const struct cd_enum_names cd_initializer_names = CD_ENUM_NAMES(initializers);

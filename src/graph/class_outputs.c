/* SPDX-License-Identifier: MIT */
#include "graph/class_outputs.h"

#include <string.h>

uint32_t cd_outputs_of_classes(size_t n_classes)
{
    return n_classes > 2 ? (uint32_t)n_classes : 1;
}

size_t cd_classes_of_outputs(size_t outputs)
{
    return outputs == 1 ? 2 : outputs;
}

cnn_activation_t cd_class_activation(size_t outputs)
{
    return outputs == 1 ? CNN_ACTIVATION_SIGMOID : CNN_ACTIVATION_SOFTMAX;
}

void cd_class_probabilities(const float *output, size_t outputs, float *probabilities)
{
    if (outputs == 1) {
        probabilities[0] = 1 - output[0];
        probabilities[1] = output[0];
    } else {
        memcpy(probabilities, output, outputs * sizeof *output);
    }
}

void cd_class_score_gradient(size_t outputs, uint32_t label, float *gradient)
{
    if (outputs == 1)
        gradient[0] = label == 1 ? 1.0f : -1.0f;
    else
        gradient[label] = 1.0f;
}

uint32_t cd_most_probable_class(const float *probabilities, size_t n_classes)
{
    size_t label = 0;

    for (size_t c = 1; c < n_classes; c++)
        if (probabilities[c] > probabilities[label])
            label = c;
    return (uint32_t)label;
}

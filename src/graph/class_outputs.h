/* SPDX-License-Identifier: MIT
 *
 * How the outputs of a classifier stand for classes. A network for two classes has a single
 * sigmoid output, the probability of class 1. A network for more classes has one softmax output
 * for each. */
#ifndef CD_GRAPH_CLASS_OUTPUTS_H
#define CD_GRAPH_CLASS_OUTPUTS_H

#include <catdog/catdog.h>

/* The number of outputs for n_classes classes, and the number of classes of some outputs. */
uint32_t cd_outputs_of_classes(size_t n_classes);
size_t cd_classes_of_outputs(size_t outputs);

/* The activation of a classifier's output layer. */
cnn_activation_t cd_class_activation(size_t outputs);

/* Turns the outputs for one image into a probability for each class. */
void cd_class_probabilities(const float *output, size_t outputs, float *probabilities);

/* The gradient of a class's score by the outputs, all zero before. The score of class 0 of a single
 * output is the negative output. */
void cd_class_score_gradient(size_t outputs, uint32_t label, float *gradient);

/* The class with the largest probability; the first of equal ones. */
uint32_t cd_most_probable_class(const float *probabilities, size_t n_classes);

#endif

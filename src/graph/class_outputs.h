/* SPDX-License-Identifier: MIT
 *
 * Converts between classes and the outputs of a classifier. A network for two classes has a single
 * sigmoid output, the probability of class 1. A network for more classes has one softmax output
 * for each class. */
#ifndef CD_GRAPH_CLASS_OUTPUTS_H
#define CD_GRAPH_CLASS_OUTPUTS_H

#include <catdog/catdog.h>

/* cd_outputs_of_classes returns the number of outputs that n_classes classes need, and
 * cd_classes_of_outputs the number of classes that a network with `outputs` outputs predicts. */
uint32_t cd_outputs_of_classes(size_t n_classes);
size_t cd_classes_of_outputs(size_t outputs);

/* Returns the activation of the output layer: sigmoid or softmax. */
cnn_activation_t cd_class_activation(size_t outputs);

/* Converts the outputs for one image to probabilities, one for each class. A single output gives
 * two probabilities. */
void cd_class_probabilities(const float *output, size_t outputs, float *probabilities);

/* Computes the derivatives of the score of class `label` with respect to the outputs. gradient: one
 * float for each output, all 0 on entry. A single output is the score of class 1; its negative is
 * the score of class 0. */
void cd_class_score_gradient(size_t outputs, uint32_t label, float *gradient);

/* Returns the class with the largest probability, or the first of them if several are equal. */
uint32_t cd_most_probable_class(const float *probabilities, size_t n_classes);

#endif

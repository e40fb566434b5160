/* SPDX-License-Identifier: MIT
 *
 * Takes over classes and parameters of another model, for the options --from and --weights of
 * catdog train. */
#ifndef CATDOG_FINE_TUNING_H
#define CATDOG_FINE_TUNING_H

#include <stdio.h>

#include "base/tool.h"

/* Compares the classes of the folder with the model's classes. A folder "cats" contains photos of
 * the class "cat". If the classes are the same, sets *classes to the model's class names, an array
 * that the caller frees. Otherwise sets *classes to NULL. Returns the exit status. */
int fine_tuning_classes(const struct tool *tool, const cnn_model_t *from, const char *folder,
                        const cnn_dataset_open_options_t *options, const char ***classes);

/* Prints what `model` takes over from `from`, and which layers are frozen. freeze: the training
 * option of that name, may be NULL. */
void fine_tuning_print(FILE *text, const cnn_model_t *from, const cnn_model_t *model,
                       const char *freeze);

/* Copies the parameters that both models have with the same name and shape from `from` to `model`.
 * Prints how many were copied; it is an error if there are none. Stores a record of `from` in the
 * metadata "weights_from" of `model`. name: the name of `from` in messages. Returns the exit
 * status. */
int fine_tuning_weights(FILE *text, const cnn_model_t *from, const char *name, cnn_model_t *model);

/* Returns the loss function that fits the model's output layer. */
cnn_loss_t fine_tuning_loss(const cnn_model_t *model);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What train needs for --from and --weights: classes and parameters of another model. */
#ifndef CATDOG_FINE_TUNING_H
#define CATDOG_FINE_TUNING_H

#include <stdio.h>

#include "base/tool.h"

/* Compares the folder's classes with the model's; the folder "cats" holds the class "cat". If they
 * are the same, *classes are the model's classes, to be freed, else NULL. Returns the exit
 * status. */
int fine_tuning_classes(const struct tool *tool, const cnn_model_t *from, const char *folder,
                        const cnn_dataset_open_options_t *options, const char ***classes);

/* Prints what `model` takes over from `from`, and what freeze (or NULL) leaves to train. */
void fine_tuning_print(FILE *text, const cnn_model_t *from, const cnn_model_t *model,
                       const char *freeze);

/* Copies the parameters of `from` whose name and shape `model` has, and prints their number. None
 * is an error. The model records its origin as metadata "weights_from". Returns the exit status. */
int fine_tuning_weights(FILE *text, const cnn_model_t *from, const char *name, cnn_model_t *model);

/* Returns the loss that fits the model's outputs. */
cnn_loss_t fine_tuning_loss(const cnn_model_t *model);

#endif

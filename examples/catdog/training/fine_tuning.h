/* SPDX-License-Identifier: MIT
 *
 * What `train --from` and `train --weights` need beside an ordinary training. */
#ifndef CATDOG_FINE_TUNING_H
#define CATDOG_FINE_TUNING_H

#include <stdio.h>

#include "base/tool.h"

/* If the folder's classes are the model's ("cats/" may hold the class "cat"), *classes are those in
 * the model's order, for the data set's options, to be freed; else NULL. Returns the exit
 * status. */
int fine_tuning_classes(const struct tool *tool, const cnn_model_t *from, const char *folder,
                        const cnn_dataset_open_options_t *options, const char ***classes);

/* Tells what stays of from in model, and what freeze (or NULL) leaves to be trained. */
void fine_tuning_print(FILE *text, const cnn_model_t *from, const cnn_model_t *model,
                       const char *freeze);

/* Takes over the parameters of from that model has by name and shape, and tells how many; at least
 * one. The model keeps what from was made of as metadata "weights_from", as "adapted_from" tells of
 * --from. Returns the exit status. */
int fine_tuning_weights(FILE *text, const cnn_model_t *from, const char *name, cnn_model_t *model);

/* The loss that fits the model's outputs. */
cnn_loss_t fine_tuning_loss(const cnn_model_t *model);

#endif

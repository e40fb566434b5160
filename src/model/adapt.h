/* SPDX-License-Identifier: MIT
 *
 * Fine-tuning starts from a model for other classes: the backbone of a trained model with a new
 * head. */
#ifndef CD_MODEL_ADAPT_H
#define CD_MODEL_ADAPT_H

#include "model/model.h"

/* Implements cnn_model_adapt. Copies the backbone's parameters. The head is copied, too, if the
 * classes are the same and options->fresh_head is 0; else it is new. options: read, defaults not
 * filled in. Errors: ARGUMENT, MEMORY, SHAPE. */
cnn_status_t cd_adapt_model(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                            cnn_model_t **model);

#endif

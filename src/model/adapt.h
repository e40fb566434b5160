/* SPDX-License-Identifier: MIT
 *
 * A model made of another one, for other classes. */
#ifndef CD_MODEL_ADAPT_H
#define CD_MODEL_ADAPT_H

#include "model/model.h"

/* As cnn_model_adapt; options: read. */
cnn_status_t cd_adapt_model(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                            cnn_model_t **model);

#endif

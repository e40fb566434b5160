/* SPDX-License-Identifier: MIT
 *
 * The epochs of a training.
 *
 * Memory, all of it made before the first step (W: the model's trainable weights):
 *
 *   Adam's m W, v W (SGD: v alone), without what is frozen | kept copy W + statistics
 *   gradients: with Adam, of all but the kernels of dense layers; with SGD, as v
 *   plan: the values and gradients of one batch, see cd_plan_bytes
 *   x, labels of two batches (one is prepared while the other is used), dy; outputs, labels, order
 *   of all photos (some bytes a photo)
 *
 * The plan for training also runs the validation. An epoch's end adds a line to the history; a
 * checkpoint is written straight from these blocks. */
#ifndef CD_TRAIN_FIT_H
#define CD_TRAIN_FIT_H

#include "data/dataset.h"
#include "model/model.h"
#include "train/history.h"

/* As cnn_model_train. options: complete. history may be NULL; on CANCELLED and NAN it is given
 * too. */
cnn_status_t cd_fit(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                    const cnn_train_options_t *options, cnn_history_t **history);

#endif

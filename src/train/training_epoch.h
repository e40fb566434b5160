/* SPDX-License-Identifier: MIT
 *
 * The two halves of an epoch: training on all batches, and validation. */
#ifndef CD_TRAIN_TRAINING_EPOCH_H
#define CD_TRAIN_TRAINING_EPOCH_H

#include "train/training_state.h"

/* The error of a training that a callback stopped: CANCELLED, as for a cancel flag. */
cnn_status_t cd_training_stopped(const struct cd_training *training, const char *callback);

/* Trains on all batches of the next epoch in a new random order and fills in the training figures
 * of *epoch. Errors: CANCELLED (also by the callback after a batch); NAN (the loss, a weight or a
 * moment is not a finite number); IO (no photo can be read any more); MEMORY. */
cnn_status_t cd_training_epoch(struct cd_training *training, cnn_epoch_t *epoch);

/* Runs the network over the validation set and fills in the validation figures of *epoch; without
 * a validation set they are NaN. Errors: CANCELLED, NAN, IO, MEMORY. */
cnn_status_t cd_training_validate(struct cd_training *training, cnn_epoch_t *epoch);

#endif

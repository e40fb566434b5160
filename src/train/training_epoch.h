/* SPDX-License-Identifier: MIT
 *
 * The two halves of an epoch: training on all batches, and validation. */
#ifndef CD_TRAIN_TRAINING_EPOCH_H
#define CD_TRAIN_TRAINING_EPOCH_H

#include "train/training_state.h"

/* Records and returns the error CANCELLED for a training that a callback stopped. callback: its
 * name, for the message. */
cnn_status_t cd_training_stopped(const struct cd_training *training, const char *callback);

/* Trains on all batches of the next epoch in a new random order, and fills in the training figures
 * of *epoch. Errors: CANCELLED (also if on_batch stops the training); NAN (the loss, a weight, a
 * statistic or a moment is not finite); IO (no photo can be read any more); MEMORY. */
cnn_status_t cd_training_epoch(struct cd_training *training, cnn_epoch_t *epoch);

/* Runs the network over the validation set and fills in the validation figures of *epoch. Without a
 * validation set they become NaN. Errors: CANCELLED, NAN, IO, MEMORY. */
cnn_status_t cd_training_validate(struct cd_training *training, cnn_epoch_t *epoch);

#endif

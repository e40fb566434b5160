/* SPDX-License-Identifier: MIT
 *
 * Saves the state of a training in the checkpoint that options name, and restores it. */
#ifndef CD_TRAIN_TRAINING_CHECKPOINT_H
#define CD_TRAIN_TRAINING_CHECKPOINT_H

#include "train/training_state.h"

/* Writes the checkpoint if options name one. Errors: MEMORY, IO. */
cnn_status_t cd_training_save_checkpoint(struct cd_training *training);

/* Restores the checkpoint if options ask for it and the file exists. On failure the model is
 * unchanged. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_training_resume(struct cd_training *training);

#endif

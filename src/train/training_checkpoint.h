/* SPDX-License-Identifier: MIT
 *
 * Saves the state of a training to the checkpoint that the options name, and restores it. */
#ifndef CD_TRAIN_TRAINING_CHECKPOINT_H
#define CD_TRAIN_TRAINING_CHECKPOINT_H

#include "train/training_state.h"

/* Writes the checkpoint if options->checkpoint is set. Errors: MEMORY, IO. */
cnn_status_t cd_training_save_checkpoint(struct cd_training *training);

/* Restores the checkpoint if options->resume is set and the file exists. On failure the model is
 * unchanged. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_training_resume(struct cd_training *training);

#endif

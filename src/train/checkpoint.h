/* SPDX-License-Identifier: MIT
 *
 * Checkpoints: the complete state of a training after an epoch, in one safetensors file that is
 * replaced atomically. */
#ifndef CD_TRAIN_CHECKPOINT_H
#define CD_TRAIN_CHECKPOINT_H

#include "train/history.h"
#include "train/optimizer_rules.h"
#include "train/terms.h"

enum { CD_CHECKPOINT_BLOCKS = 6 + CD_OPTIMIZER_MOMENTS };

/* One tensor of the file. The caller owns the values. */
struct cd_checkpoint_block {
    const char *name;
    float *values;
    size_t count; /* number of values, above 0 */
};

/* The content of a checkpoint: cd_checkpoint_save reads it, cd_checkpoint_load fills it in. */
struct cd_checkpoint {
    cnn_context_t *context;
    const struct cd_terms *terms;
    struct cd_checkpoint_block blocks[CD_CHECKPOINT_BLOCKS];
    size_t n_blocks;
    uint64_t step; /* number of training steps so far */
    cnn_history_t *history;
};

/* Writes the checkpoint to a file. Errors: MEMORY, IO. */
cnn_status_t cd_checkpoint_save(const struct cd_checkpoint *checkpoint, const char *path);

/* Reads the file into the blocks, checkpoint->history (which must be empty) and checkpoint->step.
 * The whole file is checked before a block changes. steps_per_epoch: used to check that the step is
 * the last one of an epoch. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_checkpoint_load(struct cd_checkpoint *checkpoint, const char *path,
                                uint64_t steps_per_epoch);

#endif

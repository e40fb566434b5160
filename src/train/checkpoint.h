/* SPDX-License-Identifier: MIT
 *
 * Checkpoints: the whole state of a training after an epoch in one safetensors file, which is
 * replaced atomically. */
#ifndef CD_TRAIN_CHECKPOINT_H
#define CD_TRAIN_CHECKPOINT_H

#include "train/history.h"
#include "train/optimizer_rules.h"
#include "train/terms.h"

enum { CD_CHECKPOINT_BLOCKS = 6 + CD_OPTIMIZER_MOMENTS };

/* One tensor of the file. The values belong to the caller. */
struct cd_checkpoint_block {
    const char *name;
    float *values;
    size_t count; /* number of values, above 0 */
};

/* The content of a checkpoint: the source of saving and the destination of loading. */
struct cd_checkpoint {
    cnn_context_t *context;
    const struct cd_terms *terms;
    struct cd_checkpoint_block blocks[CD_CHECKPOINT_BLOCKS];
    size_t n_blocks;
    uint64_t step; /* steps of the training so far */
    cnn_history_t *history;
};

/* Writes the file. Errors: MEMORY, IO. */
cnn_status_t cd_checkpoint_save(const struct cd_checkpoint *checkpoint, const char *path);

/* Reads the file into the blocks, checkpoint->history (which is empty) and checkpoint->step. All
 * faults of the file are found before anything is changed. steps_per_epoch: the step must be
 * the last one of an epoch. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_checkpoint_load(struct cd_checkpoint *checkpoint, const char *path,
                                uint64_t steps_per_epoch);

#endif

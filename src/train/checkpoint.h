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

/* Floats that belong to the caller. */
struct cd_checkpoint_block {
    const char *name;
    float *values;
    size_t count; /* above 0 */
};

/* What is stored, and where it goes when it is read back. */
struct cd_checkpoint {
    cnn_context_t *context;
    const struct cd_terms *terms;
    struct cd_checkpoint_block blocks[CD_CHECKPOINT_BLOCKS];
    size_t n_blocks;
    uint64_t step; /* steps made */
    cnn_history_t *history;
};

/* Writes the file. Errors: MEMORY, IO. */
cnn_status_t cd_checkpoint_save(const struct cd_checkpoint *checkpoint, const char *path);

/* history: empty. checkpoint->step is the number of steps that its epochs must have made. Every
 * fault of the file is found before anything is changed. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_checkpoint_load(struct cd_checkpoint *checkpoint, const char *path,
                                uint64_t steps_per_epoch);

#endif

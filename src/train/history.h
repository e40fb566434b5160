/* SPDX-License-Identifier: MIT
 *
 * The history of a training: the figures of each epoch. */
#ifndef CD_TRAIN_HISTORY_H
#define CD_TRAIN_HISTORY_H

#include "core/context.h"

struct cnn_history {
    cnn_context_t *context; /* the struct holds a reference */
    cnn_epoch_t *epochs;    /* number i is epoch i + 1 */
    size_t count, capacity;
    uint32_t best_epoch; /* counted from 1; 0: no epoch has ended */
};

/* Creates an empty history. Errors: MEMORY. */
cnn_status_t cd_history_create(cnn_context_t *context, cnn_history_t **history);
void cd_history_free(cnn_history_t *history);

/* Appends a copy of the epoch with its number as `epoch`. Errors: MEMORY. */
cnn_status_t cd_history_add(cnn_history_t *history, const cnn_epoch_t *epoch);

/* Writes the CSV file of cnn_history_save. Errors: MEMORY, IO. */
cnn_status_t cd_history_save(const cnn_history_t *history, const char *path);

/* Writes the epochs as text without loss: one line an epoch, each double as its 64 bits in
 * hexadecimal. Release *text with cd_free. Errors: MEMORY. */
cnn_status_t cd_history_to_text(const cnn_history_t *history, char **text);

/* Appends the epochs of such a text. name: the file's name, for messages. Errors: MEMORY,
 * MODEL_FILE. */
cnn_status_t cd_history_from_text(cnn_history_t *history, const char *name, const char *text);

#endif

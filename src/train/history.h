/* SPDX-License-Identifier: MIT
 *
 * The history of a training: loss, metrics and times of each epoch. */
#ifndef CD_TRAIN_HISTORY_H
#define CD_TRAIN_HISTORY_H

#include "core/context.h"

struct cnn_history {
    cnn_context_t *context; /* the struct holds a reference */
    cnn_epoch_t *epochs;    /* epochs[i] is epoch i + 1 */
    size_t count, capacity;
    uint32_t best_epoch; /* counted from 1; 0 if no epoch has ended */
};

/* Creates an empty history. Errors: MEMORY. */
cnn_status_t cd_history_create(cnn_context_t *context, cnn_history_t **history);
void cd_history_free(cnn_history_t *history);

/* Appends a copy of an epoch and sets the copy's `epoch` to its number. Errors: MEMORY. */
cnn_status_t cd_history_add(cnn_history_t *history, const cnn_epoch_t *epoch);

/* Writes the history to a CSV file as cnn_history_save does. Errors: MEMORY, IO. */
cnn_status_t cd_history_save(const cnn_history_t *history, const char *path);

/* Converts the epochs to text without loss: one line for each epoch, each double as its 64 bits in
 * hexadecimal. Free *text with cd_free. Errors: MEMORY. */
cnn_status_t cd_history_to_text(const cnn_history_t *history, char **text);

/* Appends the epochs of a text that cd_history_to_text has written. name: the name of the file, for
 * error messages. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_history_from_text(cnn_history_t *history, const char *name, const char *text);

#endif

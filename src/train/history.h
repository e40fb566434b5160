/* SPDX-License-Identifier: MIT
 *
 * The figures of the epochs of a training. */
#ifndef CD_TRAIN_HISTORY_H
#define CD_TRAIN_HISTORY_H

#include "core/context.h"

struct cnn_history {
    cnn_context_t *context; /* a user of it */
    cnn_epoch_t *epochs;    /* number i is that of epoch i + 1 */
    size_t count, capacity;
    uint32_t best_epoch; /* from 1; 0 = none */
};

/* Errors: MEMORY. */
cnn_status_t cd_history_create(cnn_context_t *context, cnn_history_t **history);
void cd_history_free(cnn_history_t *history);

/* epoch->epoch is set to its number. Errors: MEMORY. */
cnn_status_t cd_history_add(cnn_history_t *history, const cnn_epoch_t *epoch);

/* As cnn_history_save. */
cnn_status_t cd_history_save(const cnn_history_t *history, const char *path);

/* The epochs as text that gives them back bit by bit: a line each, doubles as their 64 bits in
 * hexadecimal. *text: cd_free. Errors: MEMORY. */
cnn_status_t cd_history_to_text(const cnn_history_t *history, char **text);

/* Adds the epochs of such a text. name: of the file, for messages. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_history_from_text(cnn_history_t *history, const char *name, const char *text);

#endif

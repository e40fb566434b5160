/* SPDX-License-Identifier: MIT
 *
 * Reads the CSV that cnn_history_save writes. */
#ifndef CATDOG_PLOT_HISTORY_H
#define CATDOG_PLOT_HISTORY_H

#include <stddef.h>

enum history_column {
    HISTORY_EPOCH,
    HISTORY_LOSS,
    HISTORY_ACCURACY,
    HISTORY_VAL_LOSS,
    HISTORY_VAL_ACCURACY,
    HISTORY_COLUMNS
};

struct history {
    double (*rows)[HISTORY_COLUMNS]; /* an empty field is NaN */
    size_t n;                        /* rows; at least 1 after history_read */
};

/* Finds columns by their names and ignores other columns. Returns EXIT_SUCCESS, or EXIT_FAILURE
 * after a message with file, line and fault. */
int history_read(struct history *history, const char *path);
void history_free(struct history *history);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Reads the CSV file of a training history, which cnn_history_save() writes. */
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
    double (*rows)[HISTORY_COLUMNS]; /* one row for each epoch; NaN for an empty field */
    size_t n;                        /* number of rows, at least 1 */
};

/* Reads the file. Columns are found by their names in the header; other columns are ignored.
 * Returns EXIT_SUCCESS, or EXIT_FAILURE after a message with the file, the line and the error. */
int history_read(struct history *history, const char *path);
void history_free(struct history *history);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The CSV that cnn_history_save writes, read back. */
#ifndef CATDOG_HISTORY_H
#define CATDOG_HISTORY_H

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
    double (*rows)[HISTORY_COLUMNS]; /* NaN for an empty field */
    size_t n;                        /* at least one after history_read */
};

/* Columns are found by their names; others are passed over. Returns EXIT_SUCCESS, or EXIT_FAILURE
 * after telling file, line and fault. */
int history_read(struct history *history, const char *path);
void history_free(struct history *history);

#endif

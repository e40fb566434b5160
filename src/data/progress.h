/* SPDX-License-Identifier: MIT
 *
 * Progress of work that several threads do on many photos. The program's callback is called after
 * each photo, by one thread at a time. The work stops if the callback or another thread asks for
 * it. */
#ifndef CD_DATA_PROGRESS_H
#define CD_DATA_PROGRESS_H

#include <pthread.h>

#include "core/context.h"

struct cd_progress {
    cnn_progress_fn callback;   /* or NULL */
    void *user;                 /* argument of callback */
    const cnn_cancel_t *cancel; /* or NULL */
    size_t done, total;         /* photos processed so far; photos in all */
    atomic_int stopped;         /* 1: the work must stop */
    pthread_mutex_t lock; /* held during a call of callback */
};

/* Initialises a struct whose fields before `stopped` are set. Errors: MEMORY. */
cnn_status_t cd_progress_init(struct cd_progress *progress);
void cd_progress_release(struct cd_progress *progress);

/* Returns 1 if the work must stop, because it was cancelled or because the callback returned
 * nonzero. Thread-safe. */
int cd_progress_stopped(struct cd_progress *progress);

/* Counts one more photo and calls the callback. Once the callback has returned nonzero, it is not
 * called again. Thread-safe. */
void cd_progress_step(struct cd_progress *progress);

#endif

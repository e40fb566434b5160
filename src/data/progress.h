/* SPDX-License-Identifier: MIT
 *
 * Progress of work on many photos by several threads: calls of the program's callback, one at a
 * time, and stopping when the callback or another thread asks for it. */
#ifndef CD_DATA_PROGRESS_H
#define CD_DATA_PROGRESS_H

#include <pthread.h>

#include "core/context.h"

struct cd_progress {
    cnn_progress_fn callback; /* NULL: none */
    void *user;
    const cnn_cancel_t *cancel; /* NULL: none */
    size_t done, total;         /* numbers of photos */
    atomic_int stopped;
    pthread_mutex_t lock; /* held during a call of callback */
};

/* Initialises a struct whose fields before `stopped` are set. Errors: MEMORY. */
cnn_status_t cd_progress_init(struct cd_progress *progress);
void cd_progress_release(struct cd_progress *progress);

/* 1 if the work must stop: cancelling was requested, or the callback returned nonzero. Any thread
 * may call it. */
int cd_progress_stopped(struct cd_progress *progress);

/* Counts one more photo and calls the callback. After a nonzero result there is no further call.
 * Any thread may call it. */
void cd_progress_step(struct cd_progress *progress);

#endif

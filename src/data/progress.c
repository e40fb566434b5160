/* SPDX-License-Identifier: MIT */
#include "data/progress.h"

cnn_status_t cd_progress_init(struct cd_progress *progress)
{
    atomic_init(&progress->stopped, 0);
    return pthread_mutex_init(&progress->lock, NULL) == 0 ? CNN_OK : cd_error_memory();
}

void cd_progress_release(struct cd_progress *progress)
{
    pthread_mutex_destroy(&progress->lock);
}

static int is_stopped(const struct cd_progress *progress)
{
    return atomic_load_explicit(&progress->stopped, memory_order_relaxed);
}

int cd_progress_stopped(struct cd_progress *progress)
{
    if (cd_cancelled(progress->cancel))
        atomic_store_explicit(&progress->stopped, 1, memory_order_relaxed);
    return is_stopped(progress);
}

void cd_progress_step(struct cd_progress *progress)
{
    if (!progress->callback)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->done++;
    if (!is_stopped(progress) &&
        progress->callback(progress->done, progress->total, progress->user) != 0)
        atomic_store_explicit(&progress->stopped, 1, memory_order_relaxed);
    pthread_mutex_unlock(&progress->lock);
}

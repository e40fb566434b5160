/* SPDX-License-Identifier: MIT
 *
 * The context's threads. Work is a count of independent tasks; which thread does which task is
 * left open, so a task's result must depend on its index alone. */
#ifndef CD_CORE_POOL_H
#define CD_CORE_POOL_H

#include "core/context.h"

struct crew;

enum { CD_POOL_MAX_THREADS = 1024 };

/* task: 0 .. tasks-1. worker: 0 .. cd_pool_threads-1, never the same in two threads at once during
 * one cd_parallel_for, so it can pick a scratch buffer. */
typedef void (*cd_task_fn)(void *argument, size_t task, size_t worker);

/* The CPUs that this process may use. */
size_t cd_pool_cpus(void);

/* threads: 0 = cd_pool_cpus; at most CD_POOL_MAX_THREADS count. Errors: MEMORY,
 * THREAD. */
cnn_status_t cd_pool_create(cnn_context_t *context, size_t threads, struct cd_pool **pool);
void cd_pool_free(struct cd_pool *pool);

/* Threads that may work on one cd_parallel_for, the caller included. */
size_t cd_pool_threads(const struct cd_pool *pool);

/* Runs all tasks and returns when the last is done. If the pool is busy with another caller's work
 * (or with the task that calls this), the caller does all of its tasks alone and waits for nobody.
 * What tasks wrote is visible to the caller. In a child made by fork(), which has none of its
 * parent's threads, the first call starts the child's own, as many as it can. */
void cd_parallel_for(cnn_context_t *context, size_t tasks, cd_task_fn run, void *argument);

/* Work that has time: threads do its tasks when they would otherwise sleep, at the ends of the
 * pieces of work that cd_parallel_for is given meanwhile, so it fills gaps and wakes nobody. A pool
 * has one such work at a time; another one waits for its cd_background_finish. The struct is the
 * caller's, and stays where it is until finish or drop. A task must not call cd_parallel_for: a
 * thread that does it between two pieces of work would wait for itself to take part in its own. */
struct cd_background {
    cd_task_fn run;
    void *argument;
    size_t tasks;
    size_t next;       /* guarded by the crew's lock, as the next */
    size_t running;
    struct crew *crew; /* NULL: nobody works at it yet */
};

void cd_background_start(cnn_context_t *context, struct cd_background *work, size_t tasks,
                         cd_task_fn run, void *argument);

/* Does with cd_parallel_for what is left, and returns when the last task is done. In a child made
 * by fork() since the start that is all of it, as what had been done is not known there: a task may
 * be done twice, one after the other. */
void cd_background_finish(cnn_context_t *context, struct cd_background *work);

/* Leaves out what is left, and returns when nobody works at it any more. Copes with a zeroed
 * one. */
void cd_background_drop(struct cd_background *work);

#endif

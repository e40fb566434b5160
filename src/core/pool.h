/* SPDX-License-Identifier: MIT
 *
 * The context's threads, and parallel loops over independent work items (tasks). Any thread may do
 * any task, so the result of a task must depend on its index alone. */
#ifndef CD_CORE_POOL_H
#define CD_CORE_POOL_H

#include "core/context.h"

struct crew;

enum { CD_POOL_MAX_THREADS = 1024 };

/* Does one task. task: 0 .. tasks-1. worker: 0 .. cd_pool_threads-1; two threads of one
 * cd_parallel_for never have the same number at the same time, so it can select a scratch
 * buffer. */
typedef void (*cd_task_fn)(void *argument, size_t task, size_t worker);

/* The number of CPUs that this process may use. */
size_t cd_pool_cpus(void);

/* Starts threads-1 threads; the caller of a loop is the last one. threads: 0 = cd_pool_cpus(); more
 * than CD_POOL_MAX_THREADS count as that many. Errors: MEMORY, THREAD. */
cnn_status_t cd_pool_create(cnn_context_t *context, size_t threads, struct cd_pool **pool);

/* NULL is accepted. */
void cd_pool_free(struct cd_pool *pool);

/* The number of threads that may work on one cd_parallel_for, the caller included. */
size_t cd_pool_threads(const struct cd_pool *pool);

/* Runs all tasks and returns when the last one is done. What the tasks wrote is then visible to the
 * caller. If the pool is busy with another loop, or with the task that calls this, the caller does
 * all tasks itself and waits for nobody. A child made by fork() has none of its parent's threads:
 * its first call starts new threads, as many as it can. */
void cd_parallel_for(cnn_context_t *context, size_t tasks, cd_task_fn run, void *argument);

/* A background loop. Threads do its tasks when they would otherwise sleep at the end of a
 * cd_parallel_for, so it fills gaps and wakes nobody. A pool runs one background loop at a time;
 * the tasks of a second one are done by its cd_background_finish. The struct belongs to the caller
 * and must not move before finish or drop. A task must not call cd_parallel_for: a thread that does
 * background tasks between two loops would then wait for itself. */
struct cd_background {
    cd_task_fn run;
    void *argument;
    size_t tasks;
    size_t next;    /* the next task to hand out; guarded by the lock of the crew */
    size_t running; /* tasks being done; guarded by the same lock */
    struct crew *crew; /* NULL: no thread will take tasks */
};

/* Hands the tasks to the pool and returns at once. */
void cd_background_start(cnn_context_t *context, struct cd_background *work, size_t tasks,
                         cd_task_fn run, void *argument);

/* Does the remaining tasks with cd_parallel_for and returns when the last one is done. A child made
 * by fork() since the start does all tasks again, because it cannot know which are done: a task may
 * then run twice, one run after the other. */
void cd_background_finish(cnn_context_t *context, struct cd_background *work);

/* Drops the remaining tasks and returns when no thread does one any more. Accepts a zeroed
 * struct. */
void cd_background_drop(struct cd_background *work);

#endif

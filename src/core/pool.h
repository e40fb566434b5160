/* SPDX-License-Identifier: MIT
 *
 * The context's thread pool, and parallel loops over independent tasks. Any thread may run any
 * task, so the result of a task must not depend on the thread. */
#ifndef CD_CORE_POOL_H
#define CD_CORE_POOL_H

#include "core/context.h"

struct crew;

enum { CD_POOL_MAX_THREADS = 1024 };

/* Runs one task. task: 0 .. tasks-1. worker: the number of the thread, 0 .. cd_pool_threads()-1. No
 * two threads of a cd_parallel_for have the same number, so it can select a scratch buffer. */
typedef void (*cd_task_fn)(void *argument, size_t task, size_t worker);

/* Returns the number of CPUs that this process may use. */
size_t cd_pool_cpus(void);

/* Creates a pool and starts threads - 1 threads; the caller of a loop is the remaining one.
 * threads: 0 = cd_pool_cpus(); a larger number than CD_POOL_MAX_THREADS is reduced to it. Errors:
 * MEMORY, THREAD. */
cnn_status_t cd_pool_create(cnn_context_t *context, size_t threads, struct cd_pool **pool);

/* Stops the threads and frees the pool. pool may be NULL. */
void cd_pool_free(struct cd_pool *pool);

/* Returns the number of threads that may run the tasks of a loop, including the caller. */
size_t cd_pool_threads(const struct cd_pool *pool);

/* Runs all tasks and returns when the last one has finished. Everything that the tasks wrote is
 * then visible to the caller. If the pool is busy with another loop, which is always so if a task
 * of a loop calls this function, the calling thread runs all tasks itself without waiting. After
 * fork(), the first call in the child process starts new threads, as many as the system allows. */
void cd_parallel_for(cnn_context_t *context, size_t tasks, cd_task_fn run, void *argument);

/* A background loop. Threads of the pool run its tasks while they would otherwise wait for the end
 * of a cd_parallel_for or for the next one. Starting a background loop wakes no thread. A pool runs
 * one background loop at a time; if another one is started meanwhile, cd_background_finish runs its
 * tasks. The caller owns the struct and must not move it before cd_background_finish or
 * cd_background_drop. A task must not call cd_parallel_for: that loop would wait for the thread of
 * the task as one of its workers, which never comes. */
struct cd_background {
    cd_task_fn run;
    void *argument;
    size_t tasks;
    size_t next;    /* next task to start; guarded by crew->lock */
    size_t running; /* number of tasks that are running; guarded by crew->lock */
    struct crew *crew; /* threads that run the tasks, or NULL if none do */
};

/* Starts a background loop and returns at once. work: initialised by this function. */
void cd_background_start(cnn_context_t *context, struct cd_background *work, size_t tasks,
                         cd_task_fn run, void *argument);

/* Runs the tasks that no thread has started by cd_parallel_for, and returns when all tasks have
 * finished. If the process was forked after cd_background_start, the child process runs all tasks
 * again, because it cannot tell which ones had finished. */
void cd_background_finish(cnn_context_t *context, struct cd_background *work);

/* Cancels the tasks that no thread has started, and returns when the running ones have finished.
 * Does nothing if *work is zeroed. */
void cd_background_drop(struct cd_background *work);

#endif

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "core/pool.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "core/memory.h"

struct worker {
    struct cd_pool *pool;
    pthread_t thread;
    size_t index; /* 1 .. threads-1; the caller of cd_parallel_for is worker 0 */
};

struct cd_pool {
    cnn_context_t *context;
    size_t threads; /* with the caller */
    size_t started; /* of the others */
    struct worker *workers;

    pthread_mutex_t busy; /* held by the caller whose work is being done */
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t work_came;
    pthread_cond_t work_done;
    int stop;
    uint64_t round; /* counts pieces of work; a worker takes part in each once */
    size_t working; /* workers that have not finished this round */

    cd_task_fn run;
    void *argument;
    size_t tasks;
    atomic_size_t next;
};

static size_t cpus_allowed(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static void do_tasks(struct cd_pool *pool, size_t worker)
{
    for (;;) {
        size_t task = atomic_fetch_add_explicit(&pool->next, 1, memory_order_relaxed);
        if (task >= pool->tasks)
            return;
        pool->run(pool->argument, task, worker);
    }
}

static void *worker_main(void *argument)
{
    struct worker *self = argument;
    struct cd_pool *pool = self->pool;
    uint64_t seen = 0;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->round == seen)
            pthread_cond_wait(&pool->work_came, &pool->lock);
        if (pool->stop)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        do_tasks(pool, self->index);
        pthread_mutex_lock(&pool->lock);
        if (--pool->working == 0)
            pthread_cond_signal(&pool->work_done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static int init_locks(struct cd_pool *pool)
{
    if (pthread_mutex_init(&pool->busy, NULL) != 0)
        return -1;
    if (pthread_mutex_init(&pool->lock, NULL) != 0)
        goto fail_lock;
    if (pthread_cond_init(&pool->work_came, NULL) != 0)
        goto fail_came;
    if (pthread_cond_init(&pool->work_done, NULL) != 0)
        goto fail_done;
    return 0;
fail_done:
    pthread_cond_destroy(&pool->work_came);
fail_came:
    pthread_mutex_destroy(&pool->lock);
fail_lock:
    pthread_mutex_destroy(&pool->busy);
    return -1;
}

/* The host program's signal handlers are for its own threads: threads started now do not run them.
 * What a thread brings upon itself, and a profiler's ticks, are let through. */
static void block_signals(sigset_t *before)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF};
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        sigdelset(&blocked, open[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

static int start_worker(struct cd_pool *pool, size_t index)
{
    struct worker *worker = &pool->workers[index];
    sigset_t before;

    worker->pool = pool;
    worker->index = index;
    block_signals(&before);
    const int failed = pthread_create(&worker->thread, NULL, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

cnn_status_t cd_pool_create(cnn_context_t *context, size_t threads, struct cd_pool **out)
{
    struct cd_pool *pool = cd_alloc(context, 1, sizeof *pool);

    *out = NULL;
    if (!pool)
        return cd_error_memory(context);
    if (threads == 0)
        threads = cpus_allowed();
    pool->context = context;
    pool->threads = threads < CD_POOL_MAX_THREADS ? threads : CD_POOL_MAX_THREADS;
    pool->workers = cd_alloc(context, pool->threads, sizeof *pool->workers);
    if (!pool->workers || init_locks(pool) != 0) {
        cd_free(context, pool->workers);
        cd_free(context, pool);
        return cd_error_memory(context);
    }
    for (size_t i = 1; i < pool->threads; i++) {
        if (start_worker(pool, i) != 0) {
            cd_pool_free(pool);
            return cd_error(context, CNN_ERROR_THREAD, "thread %zu of %zu could not be started",
                            i + 1, threads);
        }
        pool->started++;
    }
    *out = pool;
    return CNN_OK;
}

void cd_pool_free(struct cd_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stop = 1;
    pthread_cond_broadcast(&pool->work_came);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 1; i <= pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->work_done);
    pthread_cond_destroy(&pool->work_came);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->busy);
    cd_free(pool->context, pool->workers);
    cd_free(pool->context, pool);
}

size_t cd_pool_threads(const struct cd_pool *pool)
{
    return pool->threads;
}

static void run_alone(size_t tasks, cd_task_fn run, void *argument)
{
    for (size_t task = 0; task < tasks; task++)
        run(argument, task, 0);
}

void cd_parallel_for(cnn_context_t *context, size_t tasks, cd_task_fn run, void *argument)
{
    struct cd_pool *pool = context->pool;

    if (tasks < 2 || pool->threads < 2 || pthread_mutex_trylock(&pool->busy) != 0) {
        run_alone(tasks, run, argument);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->run = run;
    pool->argument = argument;
    pool->tasks = tasks;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->working = pool->started;
    pool->round++;
    pthread_cond_broadcast(&pool->work_came);
    pthread_mutex_unlock(&pool->lock);

    do_tasks(pool, 0);

    pthread_mutex_lock(&pool->lock);
    while (pool->working > 0)
        pthread_cond_wait(&pool->work_done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    pthread_mutex_unlock(&pool->busy);
}

/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* sched_getaffinity */
#include "core/pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "core/memory.h"

/* The worker threads of one process and the state that they share. After fork() the child process
 * has none of these threads, and a lock may have been held at the time of the fork. The child
 * therefore does not use its parent's crew and creates a new one. */
struct crew {
    pid_t process;
    struct crew *parents; /* crew of the parent process, to be freed with the pool; or NULL */
    size_t started;       /* number of threads in this crew, not counting the caller */
    struct worker *workers;

    pthread_mutex_t busy; /* held by the thread that called the running cd_parallel_for */
    pthread_mutex_t lock; /* lock for the fields below */
    pthread_cond_t work_came;
    pthread_cond_t work_done;
    int stop;
    uint64_t round; /* number of loops started; a change tells the workers of a new loop */
    size_t working; /* number of workers that have not finished the current loop */

    cd_task_fn run;
    void *argument;
    size_t tasks;
    atomic_size_t next;

    struct cd_background *background; /* background loop with tasks left to start, or NULL */
    pthread_cond_t background_done;
};

struct worker {
    struct crew *crew;
    pthread_t thread;
    size_t index; /* worker number from 1; the caller of cd_parallel_for is worker 0 */
};

struct cd_pool {
    cnn_context_t *context;
    size_t threads; /* number of threads, including the caller of a loop */
    _Atomic(struct crew *) crew;
};

size_t cd_pool_cpus(void)
{
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return (size_t)CPU_COUNT(&set);
#endif
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (size_t)online : 1;
}

static void do_tasks(struct crew *crew, size_t worker)
{
    for (;;) {
        size_t task = atomic_fetch_add_explicit(&crew->next, 1, memory_order_relaxed);
        if (task >= crew->tasks)
            return;
        crew->run(crew->argument, task, worker);
    }
}

/* Runs one background task and returns 1, or returns 0 if there is none. The caller holds
 * crew->lock; it is released while the task runs. */
static int do_background_task(struct crew *crew, size_t worker)
{
    struct cd_background *work = crew->background;

    if (!work)
        return 0;
    const size_t task = work->next++;
    if (work->next == work->tasks)
        crew->background = NULL;
    work->running++;
    pthread_mutex_unlock(&crew->lock);
    work->run(work->argument, task, worker);
    pthread_mutex_lock(&crew->lock);
    if (--work->running == 0 && work->next == work->tasks)
        pthread_cond_broadcast(&crew->background_done);
    return 1;
}

/* A worker without work sleeps at once instead of spinning first. Waking up takes a small part of a
 * training step, so spinning would not be measurably faster, and it would slow down other
 * programs. */
static void *worker_main(void *argument)
{
    struct worker *self = argument;
    struct crew *crew = self->crew;
    uint64_t seen = 0;

    pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (!crew->stop && crew->round == seen)
            if (!do_background_task(crew, self->index))
                pthread_cond_wait(&crew->work_came, &crew->lock);
        if (crew->stop)
            break;
        seen = crew->round;
        pthread_mutex_unlock(&crew->lock);
        do_tasks(crew, self->index);
        pthread_mutex_lock(&crew->lock);
        if (--crew->working == 0)
            pthread_cond_signal(&crew->work_done);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* ---- a crew ---- */

static int init_locks(struct crew *crew)
{
    if (pthread_mutex_init(&crew->busy, NULL) != 0)
        return -1;
    if (pthread_mutex_init(&crew->lock, NULL) != 0)
        goto fail_lock;
    if (pthread_cond_init(&crew->work_came, NULL) != 0)
        goto fail_came;
    if (pthread_cond_init(&crew->work_done, NULL) != 0)
        goto fail_done;
    if (pthread_cond_init(&crew->background_done, NULL) != 0)
        goto fail_background;
    return 0;
fail_background:
    pthread_cond_destroy(&crew->work_done);
fail_done:
    pthread_cond_destroy(&crew->work_came);
fail_came:
    pthread_mutex_destroy(&crew->lock);
fail_lock:
    pthread_mutex_destroy(&crew->busy);
    return -1;
}

/* Blocks signals in the calling thread while it creates workers, which inherit the signal mask. The
 * host program's signal handlers then run only in its own threads. Not blocked are the signals that
 * a thread raises by its own fault, and SIGPROF, which profilers use. before: the mask to restore.
 */
static void block_signals(sigset_t *before)
{
    static const int open[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF};
    sigset_t blocked;

    sigfillset(&blocked);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        sigdelset(&blocked, open[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

static int start_worker(struct crew *crew, size_t index)
{
    struct worker *worker = &crew->workers[index];
    sigset_t before;

    worker->crew = crew;
    worker->index = index;
    block_signals(&before);
    const int failed = pthread_create(&worker->thread, NULL, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

/* Creates a crew and starts threads - 1 workers, or as many as the system allows (crew->started).
 * Returns NULL if out of memory. */
static struct crew *crew_create(cnn_context_t *context, size_t threads)
{
    struct crew *crew = cd_alloc(context, 1, sizeof *crew);

    if (!crew)
        return NULL;
    crew->process = getpid();
    crew->workers = cd_alloc(context, threads, sizeof *crew->workers);
    if (!crew->workers || init_locks(crew) != 0) {
        cd_free(context, crew->workers);
        cd_free(context, crew);
        return NULL;
    }
    while (crew->started + 1 < threads && start_worker(crew, crew->started + 1) == 0)
        crew->started++;
    return crew;
}

static void crew_stop(struct crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    crew->stop = 1;
    pthread_cond_broadcast(&crew->work_came);
    pthread_mutex_unlock(&crew->lock);
    for (size_t i = 1; i <= crew->started; i++)
        pthread_join(crew->workers[i].thread, NULL);
    pthread_cond_destroy(&crew->background_done);
    pthread_cond_destroy(&crew->work_done);
    pthread_cond_destroy(&crew->work_came);
    pthread_mutex_destroy(&crew->lock);
    pthread_mutex_destroy(&crew->busy);
}

/* Frees the memory of a crew whose threads have been stopped or belong to another process. */
static void crew_free(cnn_context_t *context, struct crew *crew)
{
    cd_free(context, crew->workers);
    cd_free(context, crew);
}

/* Returns the crew of the current process, or NULL if out of memory. The first call after fork()
 * creates it in the child process. If several threads make that call at once, one crew is kept. */
static struct crew *crew_of(struct cd_pool *pool)
{
    struct crew *crew = atomic_load_explicit(&pool->crew, memory_order_acquire);

    if (crew->process == getpid())
        return crew;
    struct crew *own = crew_create(pool->context, pool->threads);
    if (!own)
        return NULL;
    own->parents = crew;
    if (atomic_compare_exchange_strong_explicit(&pool->crew, &crew, own, memory_order_acq_rel,
                                                memory_order_acquire))
        return own;
    crew_stop(own);
    crew_free(pool->context, own);
    return crew;
}

/* ---- the pool ---- */

cnn_status_t cd_pool_create(cnn_context_t *context, size_t threads, struct cd_pool **out)
{
    struct cd_pool *pool = cd_alloc(context, 1, sizeof *pool);

    *out = NULL;
    if (!pool)
        return cd_error_memory();
    if (threads == 0)
        threads = cd_pool_cpus();
    pool->context = context;
    pool->threads = threads < CD_POOL_MAX_THREADS ? threads : CD_POOL_MAX_THREADS;
    struct crew *crew = crew_create(context, pool->threads);
    atomic_init(&pool->crew, crew);
    if (!crew) {
        cd_free(context, pool);
        return cd_error_memory();
    }
    if (crew->started + 1 < pool->threads) {
        const size_t failed = crew->started + 2;
        cd_pool_free(pool);
        return cd_error(CNN_ERROR_THREAD, "thread %zu of %zu could not be started", failed,
                        threads);
    }
    *out = pool;
    return CNN_OK;
}

void cd_pool_free(struct cd_pool *pool)
{
    if (!pool)
        return;
    struct crew *crew = atomic_load_explicit(&pool->crew, memory_order_acquire);
    if (crew->process == getpid())
        crew_stop(crew);
    while (crew) {
        struct crew *parents = crew->parents;
        crew_free(pool->context, crew);
        crew = parents;
    }
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
    struct crew *crew = tasks < 2 || pool->threads < 2 ? NULL : crew_of(pool);

    if (!crew || pthread_mutex_trylock(&crew->busy) != 0) {
        run_alone(tasks, run, argument);
        return;
    }
    pthread_mutex_lock(&crew->lock);
    crew->run = run;
    crew->argument = argument;
    crew->tasks = tasks;
    atomic_store_explicit(&crew->next, 0, memory_order_relaxed);
    crew->working = crew->started;
    crew->round++;
    pthread_cond_broadcast(&crew->work_came);
    pthread_mutex_unlock(&crew->lock);

    do_tasks(crew, 0);

    pthread_mutex_lock(&crew->lock);
    while (crew->working > 0)
        if (!do_background_task(crew, 0))
            pthread_cond_wait(&crew->work_done, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
    pthread_mutex_unlock(&crew->busy);
}

/* ---- background loops ---- */

void cd_background_start(cnn_context_t *context, struct cd_background *work, size_t tasks,
                         cd_task_fn run, void *argument)
{
    struct cd_pool *pool = context->pool;
    struct crew *crew = tasks == 0 || pool->threads < 2 ? NULL : crew_of(pool);

    *work = (struct cd_background){.run = run, .argument = argument, .tasks = tasks};
    if (!crew)
        return;
    pthread_mutex_lock(&crew->lock);
    if (!crew->background) {
        work->crew = crew;
        crew->background = work;
    }
    pthread_mutex_unlock(&crew->lock);
}

/* Keeps threads from starting further tasks. Returns the index of the first task that no thread has
 * started, or 0 if the pool never took the loop or belongs to the parent process. */
static size_t take_back(struct cd_background *work)
{
    struct crew *crew = work->crew;

    if (!crew || crew->process != getpid())
        return 0;
    pthread_mutex_lock(&crew->lock);
    const size_t first = work->next;
    work->next = work->tasks;
    if (crew->background == work)
        crew->background = NULL;
    pthread_mutex_unlock(&crew->lock);
    return first;
}

static void wait_until_left(struct cd_background *work)
{
    struct crew *crew = work->crew;

    if (crew && crew->process == getpid()) {
        pthread_mutex_lock(&crew->lock);
        while (work->running > 0)
            pthread_cond_wait(&crew->background_done, &crew->lock);
        pthread_mutex_unlock(&crew->lock);
    }
    work->crew = NULL;
}

struct rest {
    const struct cd_background *work;
    size_t first;
};

static void do_rest(void *argument, size_t task, size_t worker)
{
    const struct rest *rest = argument;
    rest->work->run(rest->work->argument, rest->first + task, worker);
}

void cd_background_finish(cnn_context_t *context, struct cd_background *work)
{
    struct rest rest = {.work = work, .first = take_back(work)};

    cd_parallel_for(context, work->tasks - rest.first, do_rest, &rest);
    wait_until_left(work);
}

void cd_background_drop(struct cd_background *work)
{
    take_back(work);
    wait_until_left(work);
}

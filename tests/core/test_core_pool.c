/* SPDX-License-Identifier: MIT
 *
 * Tests of the thread pool of a context, also in child processes made by fork(). */
#define _POSIX_C_SOURCE 200809L /* signal masks, barriers */
#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/pool.h"
#include "support/children.h"
#include "support/core_context.h"

struct work {
    cnn_context_t *context;
    size_t threads;
    atomic_size_t done[1000];
    atomic_int busy[16]; /* busy[i] is 1 while a thread runs as worker i */
    atomic_size_t nested;
};

static void inner(void *argument, size_t task, size_t worker)
{
    struct work *work = argument;
    (void)task;
    (void)worker;
    atomic_fetch_add(&work->nested, 1);
}

static void count_task(void *argument, size_t task, size_t worker)
{
    struct work *work = argument;
    ck_assert_uint_lt(worker, work->threads);
    ck_assert_int_eq(atomic_fetch_add(&work->busy[worker], 1), 0);
    atomic_fetch_add(&work->done[task], 1);
    if (task % 100 == 0)
        cd_parallel_for(work->context, 5, inner, work); /* a nested loop: on this thread */
    atomic_fetch_sub(&work->busy[worker], 1);
}

START_TEST(every_task_runs_once)
{
    const uint32_t threads[] = {1, 2, 3, 7};
    struct work *work = calloc(1, sizeof *work);
    work->context = core_context(threads[_i]);
    work->threads = cd_pool_threads(work->context->pool);
    ck_assert_uint_eq(work->threads, threads[_i]);
    for (size_t round = 1; round <= 200; round++) {
        cd_parallel_for(work->context, 1000, count_task, work);
        for (size_t i = 0; i < 1000; i++)
            ck_assert_uint_eq(atomic_load(&work->done[i]), round);
        ck_assert_uint_eq(atomic_load(&work->nested), round * 50);
    }
    cd_parallel_for(work->context, 0, count_task, work);
    cd_context_unref(work->context);
    free(work);
}
END_TEST

struct caller {
    cnn_context_t *context;
    atomic_size_t sum;
};

static void add_task(void *argument, size_t task, size_t worker)
{
    struct caller *caller = argument;
    (void)worker;
    atomic_fetch_add(&caller->sum, task);
}

static void *call_often(void *argument)
{
    for (int i = 0; i < 500; i++)
        cd_parallel_for(((struct caller *)argument)->context, 20, add_task, argument);
    return NULL;
}

START_TEST(many_callers_share_one_pool)
{
    enum { CALLERS = 8 };
    cnn_context_t *context = core_context(3);
    struct caller callers[CALLERS];
    pthread_t threads[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        callers[i].context = context;
        atomic_init(&callers[i].sum, 0);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_uint_eq(atomic_load(&callers[i].sum), 500 * 190);
    }
    cd_context_unref(context);
}
END_TEST

/* The signal masks of two tasks. The tasks wait for each other, so each needs its own thread. */
struct masks {
    pthread_barrier_t both;
    sigset_t of[2];
};

static void read_mask(void *argument, size_t task, size_t worker)
{
    struct masks *masks = argument;
    (void)task;
    pthread_sigmask(SIG_SETMASK, NULL, &masks->of[worker]);
    pthread_barrier_wait(&masks->both);
}

START_TEST(workers_leave_signals_to_the_program)
{
    cnn_context_t *context = core_context(2);
    struct masks masks;
    ck_assert_int_eq(pthread_barrier_init(&masks.both, NULL, 2), 0);
    cd_parallel_for(context, 2, read_mask, &masks);
    ck_assert(!sigismember(&masks.of[0], SIGINT)); /* the caller's mask is unchanged */
    ck_assert(sigismember(&masks.of[1], SIGINT));
    ck_assert(sigismember(&masks.of[1], SIGCHLD));
    ck_assert(!sigismember(&masks.of[1], SIGSEGV));
    pthread_barrier_destroy(&masks.both);
    cd_context_unref(context);
}
END_TEST

/* ---- fork ---- */

static int adds_up(cnn_context_t *context)
{
    struct caller caller = {.context = context};
    cd_parallel_for(context, 1000, add_task, &caller);
    return atomic_load(&caller.sum) == 499500;
}

/* Runs two loops, the second of which needs two threads to finish. Returns 1 on success. */
static int works_with_two(cnn_context_t *context)
{
    struct masks masks;
    if (!adds_up(context) || pthread_barrier_init(&masks.both, NULL, 2) != 0)
        return 0;
    cd_parallel_for(context, 2, read_mask, &masks);
    pthread_barrier_destroy(&masks.both);
    return 1;
}

static void *add_up_in_thread(void *context)
{
    return (void *)(uintptr_t)adds_up(context);
}

START_TEST(a_child_has_threads_of_its_own)
{
    cnn_context_t *context = core_context(2);
    ck_assert(works_with_two(context));
    for (int i = 0; i < 20; i++) { /* at fork(), the workers may be asleep or awake */
        const pid_t child = fork();
        if (child == 0) {
            child_hurries();
            const int works = works_with_two(context) && works_with_two(context);
            const pid_t grandchild = fork();
            if (grandchild == 0) {
                child_hurries();
                const int works_there = works_with_two(context);
                cd_context_unref(context);
                _exit(!works_there);
            }
            int status = 1;
            waitpid(grandchild, &status, 0);
            cd_context_unref(context);
            _exit(!works || status != 0);
        }
        ck_assert(works_with_two(context));
        child_ends_well(child);
    }
    ck_assert(works_with_two(context));
    cd_context_unref(context);
}
END_TEST

START_TEST(a_child_frees_without_having_used)
{
    cnn_context_t *context = core_context(3);
    ck_assert(adds_up(context));
    const pid_t child = fork();
    if (child == 0) {
        child_hurries();
        cd_context_unref(context);
        _exit(0);
    }
    child_ends_well(child);
    cd_context_unref(context);
}
END_TEST

/* Several threads of a child process start to use the pool at the same time. */
START_TEST(threads_of_a_child_share_one_pool)
{
    enum { THREADS = 4 };
    cnn_context_t *context = core_context(3);
    ck_assert(adds_up(context));
    const pid_t child = fork();
    if (child == 0) {
        pthread_t threads[THREADS];
        size_t good = 0;
        child_hurries();
        for (int i = 0; i < THREADS; i++)
            if (pthread_create(&threads[i], NULL, add_up_in_thread, context) != 0)
                _exit(2);
        for (int i = 0; i < THREADS; i++) {
            void *works = NULL;
            pthread_join(threads[i], &works);
            good += works != NULL;
        }
        cd_context_unref(context);
        _exit(good != THREADS);
    }
    child_ends_well(child);
    cd_context_unref(context);
}
END_TEST

Suite *suite_core_pool(void)
{
    Suite *suite = suite_create("core_pool");
    TCase *tcase = tcase_create("core_pool");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, every_task_runs_once, 0, 4);
    tcase_add_test(tcase, many_callers_share_one_pool);
    tcase_add_test(tcase, workers_leave_signals_to_the_program);
    tcase_add_test(tcase, a_child_frees_without_having_used);
    if (CHILDREN_MAY_START_THREADS) {
        tcase_add_test(tcase, a_child_has_threads_of_its_own);
        tcase_add_test(tcase, threads_of_a_child_share_one_pool);
    }
    suite_add_tcase(suite, tcase);
    return suite;
}

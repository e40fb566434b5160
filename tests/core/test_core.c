/* SPDX-License-Identifier: MIT
 *
 * Memory, options, random numbers, text, threads. */
#define _POSIX_C_SOURCE 200809L /* signal masks, barriers */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/options.h"
#include "core/pool.h"
#include "core/random.h"
#include "core/text.h"
#include "support/children.h"

static cnn_context_t *make_context(uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context = NULL;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    return context;
}

/* ---- memory ---- */

START_TEST(memory_is_aligned_zeroed_and_bounded)
{
    cnn_context_t *context = make_context(1);
    for (size_t n = 0; n < 300; n++) {
        unsigned char *block = cd_alloc(context, n, 3);
        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % 64, 0);
        for (size_t i = 0; i < 3 * n; i++)
            ck_assert_uint_eq(block[i], 0);
        memset(block, 0xff, 3 * n);
        cd_free(context, block);
    }
    ck_assert_ptr_null(cd_alloc(context, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(cd_alloc(context, SIZE_MAX - 10, 1));
    cd_free(context, NULL);
    cd_context_unref(context);
}
END_TEST

/* An allocator that counts, and fails from number `fails` on. */
struct counter {
    size_t made, alive, fails;
};

static void *counted(size_t size, void *user)
{
    struct counter *counter = user;
    if (++counter->made >= counter->fails)
        return NULL;
    counter->alive++;
    return malloc(size);
}

static void uncounted(void *block, void *user)
{
    struct counter *counter = user;
    if (block)
        counter->alive--;
    free(block);
}

/* Whatever the allocator: malloc's are advised to be huge pages, a program's are only aligned. */
START_TEST(large_blocks_begin_at_huge_pages)
{
    enum { MIB = 1 << 20 };
    struct counter counter = {.fails = SIZE_MAX};
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1,
                                           .allocate = counted, .release = uncounted,
                                           .allocator_user = &counter};
    cnn_context_t *contexts[2] = {make_context(1), NULL};
    ck_assert_int_eq(cd_context_create(&options, &contexts[1]), CNN_OK);
    for (int i = 0; i < 2; i++) {
        for (size_t extra = 0; extra < 3; extra++) {
            const size_t size = 4 * MIB + extra * (MIB + 1);
            unsigned char *block = cd_alloc(contexts[i], size, 1);
            ck_assert_ptr_nonnull(block);
            ck_assert_uint_eq((uintptr_t)block % (2 * MIB), 0);
            ck_assert(block[0] == 0 && block[size / 2] == 0 && block[size - 1] == 0);
            memset(block, 0xff, size);
            cd_free(contexts[i], block);
        }
        cd_context_unref(contexts[i]);
    }
    ck_assert_uint_eq(counter.alive, 0);
}
END_TEST

START_TEST(reserve_keeps_what_was_there)
{
    cnn_context_t *context = make_context(1);
    int *values = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(cd_reserve(context, &values, &capacity, (size_t)i + 1, sizeof *values),
                         CNN_OK);
        ck_assert_int_eq(values[i], 0);
        values[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(values[i], i);
    const size_t before = capacity;
    ck_assert_int_eq(cd_reserve(context, &values, &capacity, SIZE_MAX / 2, sizeof *values),
                     CNN_ERROR_MEMORY);
    ck_assert_uint_eq(capacity, before);
    cd_free(context, values);
    cd_context_unref(context);
}
END_TEST

START_TEST(context_survives_a_lack_of_memory)
{
    struct counter counter = {.fails = SIZE_MAX};
    cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3,
                                     .allocate = counted, .release = uncounted,
                                     .allocator_user = &counter};
    cnn_context_t *context;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    cd_context_unref(context);
    ck_assert_uint_eq(counter.alive, 0);
    const size_t all = counter.made;
    ck_assert_uint_gt(all, 1);
    for (size_t n = 1; n <= all; n++) {
        counter = (struct counter){.fails = n};
        ck_assert_int_eq(cd_context_create(&options, &context), CNN_ERROR_MEMORY);
        ck_assert_ptr_null(context);
        ck_assert_uint_eq(counter.alive, 0);
    }
}
END_TEST

/* ---- options ---- */

struct v1 {
    size_t struct_size;
    int a;
    int b;
};

struct v2 {
    size_t struct_size;
    int a;
    int b;
    int c;
    int d;
};

START_TEST(options_of_any_version)
{
    struct v2 own;
    struct v1 older = {sizeof older, 1, 2};
    struct v2 newer = {sizeof newer, 1, 2, 0, 0};
    struct v1 own_small;

    memset(&own, 0xff, sizeof own);
    ck_assert_int_eq(cd_options_read("o", NULL, &own, sizeof own), CNN_OK);
    ck_assert(own.struct_size == sizeof own && own.a == 0 && own.d == 0);
    memset(&own, 0xff, sizeof own);
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_OK);
    ck_assert(own.a == 1 && own.b == 2 && own.c == 0 && own.d == 0);
    ck_assert_int_eq(cd_options_read("o", &newer, &own_small, sizeof own_small), CNN_OK);
    ck_assert(own_small.struct_size == sizeof own_small && own_small.b == 2);
    newer.d = 1;
    ck_assert_int_eq(cd_options_read("o", &newer, &own_small, sizeof own_small),
                     CNN_ERROR_ARGUMENT);
    older.struct_size = 0;
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_ERROR_ARGUMENT);
    older.struct_size = (size_t)-1;
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(results_of_any_version)
{
    const struct v1 own = {sizeof own, 7, 8};
    struct v2 newer = {sizeof newer, -1, -1, -1, -1};
    struct v1 older = {sizeof(size_t) + sizeof(int), -1, -1};

    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, &newer), CNN_OK);
    ck_assert(newer.struct_size == sizeof newer && newer.a == 7 && newer.b == 8 && newer.c == 0);
    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, &older), CNN_OK);
    ck_assert(older.a == 7 && older.b == -1); /* what lies beyond its size is not touched */
    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

/* ---- random numbers ---- */

START_TEST(random_numbers_are_uniform)
{
    enum { N = 100000, BINS = 20 };
    const uint64_t key = cd_random_key(1, CD_STREAM_SHUFFLE, 2, 3);
    double sum = 0.0, product = 0.0;
    size_t bins[BINS] = {0};
    for (uint64_t i = 0; i < N; i++) {
        const double x = cd_random_double(key, i);
        ck_assert(x >= 0.0 && x < 1.0);
        ck_assert(cd_random_float(key, i) >= 0.0f && cd_random_float(key, i) < 1.0f);
        sum += x;
        product += (x - 0.5) * (cd_random_double(key, i + 1) - 0.5);
        bins[(size_t)(x * BINS)]++;
    }
    ck_assert_double_le(fabs(sum / N - 0.5), 5.0 * 0.2887 / sqrt(N));
    ck_assert_double_le(fabs(product / N), 5.0 / 12.0 / sqrt(N));
    for (size_t i = 0; i < BINS; i++)
        ck_assert_double_le(fabs((double)bins[i] - N / BINS), 5.0 * sqrt(N / BINS));
}
END_TEST

START_TEST(random_streams_differ)
{
    uint64_t keys[4 * 4 * 4 * 4];
    size_t n = 0;
    for (uint64_t seed = 0; seed < 4; seed++)
        for (int stream = 1; stream <= 4; stream++)
            for (uint64_t a = 0; a < 4; a++)
                for (uint64_t b = 0; b < 4; b++)
                    keys[n++] = cd_random_key(seed, (enum cd_stream)stream, a, b);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert(keys[i] != keys[j]);
}
END_TEST

START_TEST(permutations_are_fair)
{
    size_t counts[6] = {0}, order[257];
    enum { N = 60000 };
    for (uint64_t i = 0; i < N; i++) {
        cd_random_permutation(cd_random_key(i, CD_STREAM_SHUFFLE, 0, 0), order, 3);
        counts[order[0] * 2 + (order[1] > order[2])]++;
    }
    for (size_t i = 0; i < 6; i++)
        ck_assert_double_le(fabs((double)counts[i] - N / 6), 5.0 * sqrt(N / 6));
    unsigned char seen[257] = {0};
    cd_random_permutation(9, order, 257);
    for (size_t i = 0; i < 257; i++)
        seen[order[i]]++;
    for (size_t i = 0; i < 257; i++)
        ck_assert_uint_eq(seen[i], 1);
    cd_random_permutation(9, order, 0);
}
END_TEST

/* ---- text ---- */

START_TEST(text_grows)
{
    cnn_context_t *context = make_context(1);
    struct cd_text text = {.context = context};
    for (int i = 0; i < 300; i++)
        cd_text_append(&text, "%d,", i % 10);
    ck_assert_int_eq(text.failed, 0);
    ck_assert_uint_eq(text.length, 600);
    ck_assert_uint_eq(strlen(text.bytes), 600);
    ck_assert_int_eq(strncmp(text.bytes, "0,1,2,3,", 8), 0);
    cd_text_free(&text);
    cd_context_unref(context);
}
END_TEST

/* ---- threads ---- */

struct work {
    cnn_context_t *context;
    size_t threads;
    atomic_size_t done[1000];
    atomic_int busy[16]; /* per worker: no two threads at once */
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
        cd_parallel_for(work->context, 5, inner, work); /* inside a task: runs in place */
    atomic_fetch_sub(&work->busy[worker], 1);
}

START_TEST(every_task_runs_once)
{
    const uint32_t threads[] = {1, 2, 3, 7};
    struct work *work = calloc(1, sizeof *work);
    work->context = make_context(threads[_i]);
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
    cnn_context_t *context = make_context(3);
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

/* Two tasks that wait for each other, so that each has a thread; one is the caller's. */
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
    cnn_context_t *context = make_context(2);
    struct masks masks;
    ck_assert_int_eq(pthread_barrier_init(&masks.both, NULL, 2), 0);
    cd_parallel_for(context, 2, read_mask, &masks);
    ck_assert(!sigismember(&masks.of[0], SIGINT)); /* the caller's mask is as it was */
    ck_assert(sigismember(&masks.of[1], SIGINT));
    ck_assert(sigismember(&masks.of[1], SIGCHLD));
    ck_assert(!sigismember(&masks.of[1], SIGSEGV));
    pthread_barrier_destroy(&masks.both);
    cd_context_unref(context);
}
END_TEST

/* ---- fork ---- */

/* What a child reports; anything else, or silence for 20 seconds, fails the test. */
static void expect_child(pid_t child)
{
    int status = -1;
    ck_assert_int_gt(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child ends with %d", status);
}

static void hurry(void)
{
    alarm(20);
}

static int adds_up(cnn_context_t *context)
{
    struct caller caller = {.context = context};
    cd_parallel_for(context, 1000, add_task, &caller);
    return atomic_load(&caller.sum) == 499500;
}

/* Also a piece of work that only two threads can do. */
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
    cnn_context_t *context = make_context(2);
    ck_assert(works_with_two(context));
    for (int i = 0; i < 20; i++) { /* the parent's threads just went to sleep, or did not yet */
        const pid_t child = fork();
        if (child == 0) {
            hurry();
            const int works = works_with_two(context) && works_with_two(context);
            const pid_t grandchild = fork();
            if (grandchild == 0) {
                hurry();
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
        expect_child(child);
    }
    ck_assert(works_with_two(context));
    cd_context_unref(context);
}
END_TEST

START_TEST(a_child_frees_without_having_used)
{
    cnn_context_t *context = make_context(3);
    ck_assert(adds_up(context));
    const pid_t child = fork();
    if (child == 0) {
        hurry();
        cd_context_unref(context);
        _exit(0);
    }
    expect_child(child);
    cd_context_unref(context);
}
END_TEST

/* All of a child's threads find their parent's crew at the same time. */
START_TEST(threads_of_a_child_share_one_pool)
{
    enum { THREADS = 4 };
    cnn_context_t *context = make_context(3);
    ck_assert(adds_up(context));
    const pid_t child = fork();
    if (child == 0) {
        pthread_t threads[THREADS];
        size_t good = 0;
        hurry();
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
    expect_child(child);
    cd_context_unref(context);
}
END_TEST

/* ---- log and messages ---- */

static void remember(cnn_log_level_t level, const char *text, void *user)
{
    snprintf(user, 64, "%d %s", (int)level, text);
}

/* Where the thread that logs is, and may go on. */
static atomic_int in_log, leave_log;

static void wait_in_log(cnn_log_level_t level, const char *text, void *user)
{
    (void)level;
    ++*(int *)user;
    if (strcmp(text, "wait") != 0)
        return;
    atomic_store(&in_log, 1);
    while (!atomic_load(&leave_log))
        sched_yield();
}

static void *log_and_wait(void *context)
{
    cd_warn(context, "wait");
    return NULL;
}

/* As a thread that decodes does while a callback of the program forks. */
START_TEST(a_child_logs_while_its_parents_thread_does)
{
    int lines = 0;
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1,
                                           .log = wait_in_log, .log_user = &lines};
    cnn_context_t *context;
    pthread_t thread;

    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, log_and_wait, context), 0);
    while (!atomic_load(&in_log))
        sched_yield();
    const pid_t child = fork();
    if (child == 0) {
        hurry();
        cd_warn(context, "one");
        cd_warn(context, "two");
        _exit(lines != 3);
    }
    expect_child(child);
    atomic_store(&leave_log, 1);
    pthread_join(thread, NULL);
    cd_warn(context, "three");
    ck_assert_int_eq(lines, 2);
    cd_context_unref(context);
}
END_TEST

static void *message_of_another_thread(void *unused)
{
    (void)unused;
    return (void *)(uintptr_t)(cd_error_message()[0] == '\0');
}

START_TEST(messages)
{
    char line[64] = "";
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1,
                                           .log = remember, .log_user = line};
    cnn_context_t *context;
    pthread_t thread;
    void *empty;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    ck_assert_int_eq(cd_error(CNN_ERROR_DATA, "no %s", "cats"), CNN_ERROR_DATA);
    ck_assert_str_eq(line, ""); /* an error is recorded, not logged */
    ck_assert_str_eq(cd_error_message(), "no cats");
    cd_error(CNN_ERROR_DATA, "again: %s", cd_error_message());
    ck_assert_str_eq(cd_error_message(), "again: no cats");
    cd_warn(context, "odd");
    ck_assert_str_eq(line, "2 odd");
    ck_assert_str_eq(cd_error_message(), "again: no cats");
    ck_assert_int_eq(pthread_create(&thread, NULL, message_of_another_thread, NULL), 0);
    pthread_join(thread, &empty);
    ck_assert_ptr_nonnull(empty); /* each thread has its own */
    cd_context_unref(context);
}
END_TEST

Suite *suite_core(void)
{
    Suite *suite = suite_create("core");
    TCase *tcase = tcase_create("core");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, memory_is_aligned_zeroed_and_bounded);
    tcase_add_test(tcase, large_blocks_begin_at_huge_pages);
    tcase_add_test(tcase, reserve_keeps_what_was_there);
    tcase_add_test(tcase, context_survives_a_lack_of_memory);
    tcase_add_test(tcase, options_of_any_version);
    tcase_add_test(tcase, results_of_any_version);
    tcase_add_test(tcase, random_numbers_are_uniform);
    tcase_add_test(tcase, random_streams_differ);
    tcase_add_test(tcase, permutations_are_fair);
    tcase_add_test(tcase, text_grows);
    tcase_add_loop_test(tcase, every_task_runs_once, 0, 4);
    tcase_add_test(tcase, many_callers_share_one_pool);
    tcase_add_test(tcase, workers_leave_signals_to_the_program);
    tcase_add_test(tcase, a_child_frees_without_having_used);
    if (CHILDREN_MAY_START_THREADS) {
        tcase_add_test(tcase, a_child_has_threads_of_its_own);
        tcase_add_test(tcase, threads_of_a_child_share_one_pool);
    }
    tcase_add_test(tcase, a_child_logs_while_its_parents_thread_does);
    tcase_add_test(tcase, messages);
    suite_add_tcase(suite, tcase);
    return suite;
}

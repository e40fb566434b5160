/* SPDX-License-Identifier: MIT
 *
 * Tests of the error message of each thread and of logging. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "support/children.h"

static void remember(cnn_log_level_t level, const char *text, void *user)
{
    snprintf(user, 64, "%d %s", (int)level, text);
}

/* in_log: a thread is inside the log callback. leave_log: the callback may return. */
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

/* A child process can log even if a thread of its parent holds the lock of the log at fork(). */
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
        child_hurries();
        cd_warn(context, "one");
        cd_warn(context, "two");
        _exit(lines != 3);
    }
    child_ends_well(child);
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
    ck_assert_ptr_nonnull(empty); /* each thread has its own message */
    cd_context_unref(context);
}
END_TEST

Suite *suite_core_log(void)
{
    Suite *suite = suite_create("core_log");
    TCase *tcase = tcase_create("core_log");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_child_logs_while_its_parents_thread_does);
    tcase_add_test(tcase, messages);
    suite_add_tcase(suite, tcase);
    return suite;
}
